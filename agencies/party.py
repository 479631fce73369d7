"""Who the parties are, which board each one has, and which view an account may open."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.lifecycle import PARTIES, Party, Verb


class Board(StrEnum):
    """What a party holds in its hand; the dispatch centre's is the whole port."""

    COMPANY = "company"
    PILOTAGE = "pilotage"
    TOWAGE = "towage"
    MARITIME = "maritime"
    PORT = "port"


BOARD_OF: Mapping[Party, Board] = {
    Party.COMPANY: Board.COMPANY,
    Party.PILOTAGE: Board.PILOTAGE,
    Party.TOWAGE: Board.TOWAGE,
    Party.MARITIME: Board.MARITIME,
    Party.DISPATCH: Board.PORT,
}

VERBS: Mapping[Party, frozenset[Verb]] = {
    party: frozenset(verb for verb, parties in PARTIES.items() if party in parties)
    for party in BOARD_OF
}
"""What each party may do at all; state and ownership decide the rest."""

SINGLE_ORGANISATION: Mapping[Party, str] = {
    Party.PILOTAGE: "PILOT",
    Party.MARITIME: "MSA",
    Party.DISPATCH: "PORT",
}
"""The organisation of the parties that are one organisation in every port."""


@dataclass(frozen=True, slots=True)
class View:
    """A board as one organisation sees it: the unit of projection, framing and cursors."""

    board: Board
    organisation: str

    @property
    def key(self) -> str:
        """A text that tells this view from every other."""
        return f"{self.board.value}:{self.organisation}"


def view_of(
    party: Party, organisation: str, board: Board, asked_organisation: str | None = None
) -> View | None:
    """Return the view that an account may open of a board, or None where it may not.

    A party opens its own board as its own organisation. The dispatch centre may open any board;
    of the company and towage boards it has to say whose (``asked_organisation``).
    """
    if party is Party.PLANNER:
        return None
    if party is not Party.DISPATCH:
        allowed = BOARD_OF[party] is board and asked_organisation in (None, organisation)
        return View(board, organisation) if allowed else None
    if board is Board.PORT:
        return View(board, organisation)
    if board in (Board.COMPANY, Board.TOWAGE):
        return View(board, asked_organisation) if asked_organisation else None
    return View(board, SINGLE_ORGANISATION[Party(board.value)])
