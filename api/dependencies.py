"""What routes are given: the service, who calls, on whose behalf, and how to answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agencies.party import Board, View, view_of
from agencies.visibility import Row
from api.auth import Caller
from api.openapi import REPLAYED
from api.problems import HeaderInvalid, PreconditionMissing
from api.service import Service
from dispatch.commands import Actor, Receipt
from dispatch.errors import NotAllowed, NotFound, SessionExpired
from dispatch.lifecycle import Party

BEARER = HTTPBearer(auto_error=False, description="The token of POST /v1/sessions.")
MOST_WAIT_S = 30.0
ETAG = re.compile(r'(?:W/)?"(\d{1,9})"\Z')
WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4}(?:\.\d+)?)(?:$|[,;\s])")
ORGANISATION = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")


def get_service(request: Request) -> Service:
    """Return the service that the application runs."""
    return request.app.state.service


ServiceHere = Annotated[Service, Depends(get_service)]


def get_caller(
    request: Request,
    service: ServiceHere,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> Caller:
    """Return who calls.

    Raises:
        SessionExpired: no token, or one that holds no longer.
    """
    if credentials is None:
        raise SessionExpired("no token")
    caller = service.doorman.caller_of(credentials.credentials)
    request.state.account = caller.account
    return caller


SignedIn = Annotated[Caller, Depends(get_caller)]


def get_actor(
    request: Request,
    caller: SignedIn,
    fairway_on_behalf_of: Annotated[
        str | None,
        Header(
            max_length=60,
            description="`party` or `party:organisation` for whom the dispatch centre enters this.",
        ),
    ] = None,
    fairway_read_back: Annotated[
        bool, Header(description="The entry was read back to the party.")
    ] = False,
) -> Actor:
    """Return who acts, and for whom.

    Raises:
        NotAllowed: somebody else than the dispatch centre acts for another.
        HeaderInvalid: no such party.
    """
    party, _, organisation = (fairway_on_behalf_of or "").partition(":")
    if party and caller.party is not Party.DISPATCH:
        raise NotAllowed("only the dispatch centre enters something for another party")
    if party and (
        party not in set(Party) - {Party.PLANNER, Party.DISPATCH}
        or (organisation and not ORGANISATION.match(organisation))
    ):
        raise HeaderInvalid(
            "party or party:organisation", context={"header": "Fairway-On-Behalf-Of"}
        )
    return Actor(
        account=caller.account,
        organisation=caller.organisation,
        party=caller.party,
        on_behalf_of=Party(party) if party else None,
        on_behalf_organisation=organisation or None,
        read_back=fairway_read_back,
        request_id=request.state.request_id,
    )


Acting = Annotated[Actor, Depends(get_actor)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="Makes a repeat of this request give the first answer again.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One request to have a command done: by whom, under which key, and where it is answered."""

    service: Service
    actor: Actor
    key: str | None
    response: Response

    async def submit(self, command: object) -> Receipt:
        """Have a command done, and mark the answer where it was given before.

        Raises:
            DispatchError: it was refused; nothing was done.
        """
        receipt = await self.service.submit(command, self.actor, self.key)
        if receipt.replayed:
            self.response.headers[REPLAYED] = "true"
        return receipt

    async def do(self, command: object) -> dict[str, Any]:
        """Have a command done and return the body of its answer."""
        return self.service.done(await self.submit(command))


def get_order(
    response: Response,
    service: ServiceHere,
    actor: Acting,
    idempotency_key: IdempotencyKey = None,
) -> Order:
    """Return what a route that takes an idempotency key needs to have its command done."""
    return Order(service=service, actor=actor, key=idempotency_key, response=response)


Ordering = Annotated[Order, Depends(get_order)]


def get_expected_revision(
    if_match: Annotated[str | None, Header(max_length=60, description="The ETag as read.")] = None,
) -> int:
    """Return the revision that the caller has seen.

    Raises:
        PreconditionMissing: the header is missing.
        HeaderInvalid: it is no ETag of ours.
    """
    if if_match is None:
        raise PreconditionMissing
    match = ETAG.match(if_match.strip())
    if match is None:
        raise HeaderInvalid('an ETag like "3"', context={"header": "If-Match"})
    return int(match.group(1))


ExpectedRevision = Annotated[int, Depends(get_expected_revision)]


def get_wait_s(
    prefer: Annotated[
        str | None,
        Header(max_length=200, description="`wait=SECONDS` (30 at most) for the planned times."),
    ] = None,
) -> float:
    """Return how long the caller would wait for the planned times; 0 where it would not."""
    match = WAIT.search(prefer or "")
    return min(float(match.group(1)), MOST_WAIT_S) if match else 0.0


WaitS = Annotated[float, Depends(get_wait_s)]


def get_view(caller: SignedIn) -> View:
    """Return the caller's own view."""
    view = own_view(caller)
    if view is None:
        raise NotAllowed("this account has no board")
    return view


def own_view(caller: Caller) -> View | None:
    """Return the view of a party's own board."""
    board = Board.PORT if caller.party is Party.DISPATCH else Board(caller.party.value)
    return view_of(caller.party, caller.organisation, board)


OwnView = Annotated[View, Depends(get_view)]


def seen_movement(service: Service, view: View, movement_id: str) -> Row:
    """Return a movement as a view has it.

    Raises:
        NotFound: there is none, or the view does not have it: the two are not told apart.
    """
    row = service.hub.row(view, "movement", movement_id)
    if row is None:
        raise NotFound(
            f"no movement {movement_id}", context={"type": "movement", "id": movement_id}
        )
    return row


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if value is not None}
