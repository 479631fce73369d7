"""For whom an actor acts, and whether a thing is that party's own."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.commands import Actor
from dispatch.entities import instant
from dispatch.errors import MovementChanged, NotAllowed, NotFound, ReadBackMissing, StateConflict
from dispatch.handling.book import Book
from dispatch.lifecycle import PARTIES, Party, Ruling, State, Thing, Verb, judge
from dispatch.movement import Movement, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The rights of one actor for one command.

    Attributes:
        party: Whose verbs it has.
        organisation: Whose things it may touch; None: whosever they are (acting on behalf of a
            party without naming the organisation).
        centre: Whether the dispatch centre acts in its own name, which sees everything.
    """

    actor: Actor
    party: Party
    organisation: str | None
    centre: bool

    def owns(self, organisation: str) -> bool:
        """Tell whether a thing of an organisation may be touched."""
        return self.organisation is None or self.organisation == organisation


def standing_of(actor: Actor) -> Standing:
    """Return an actor's rights.

    Raises:
        NotAllowed: somebody else than the dispatch centre acts on behalf of a party, or on behalf
            of the service itself.
        ReadBackMissing: the entry was not read back.
    """
    if actor.on_behalf_of is None:
        return Standing(
            actor=actor,
            party=actor.party,
            organisation=actor.organisation,
            centre=actor.party in (Party.DISPATCH, Party.PLANNER),
        )
    if actor.party is not Party.DISPATCH or actor.on_behalf_of is Party.PLANNER:
        raise NotAllowed(
            "only the dispatch centre acts on behalf of others",
            context={"party": actor.party.value, "on_behalf_of": actor.on_behalf_of.value},
        )
    if not actor.read_back:
        raise ReadBackMissing
    return Standing(
        actor=actor,
        party=actor.on_behalf_of,
        organisation=actor.on_behalf_organisation,
        centre=False,
    )


def require_party(standing: Standing, verb: Verb) -> None:
    """Look up who has a verb.

    Raises:
        NotAllowed: the party has no such verb.
    """
    if standing.party not in PARTIES[verb]:
        raise NotAllowed(
            f"{standing.party} may not {verb}",
            context={"party": standing.party.value, "verb": verb.value},
        )


def require(standing: Standing, thing: Thing, state: State, verb: Verb, item_id: str) -> bool:
    """Look a verb up in the lifecycle table; False when its result is there already.

    Raises:
        NotAllowed: the party has no such verb.
        StateConflict: not in this state.
    """
    require_party(standing, verb)
    ruling = judge(thing, state, verb, standing.party)
    if ruling is Ruling.WRONG_STATE:
        raise StateConflict(
            f"a {thing} that is {state} cannot be changed by {verb}",
            context={"type": thing.value, "id": item_id, "state": state.value, "verb": verb.value},
        )
    return ruling is Ruling.ALLOWED


def require_movement(standing: Standing, movement: Movement, verb: Verb) -> None:
    """Look up a verb in the movement's state; the company's own only, for a company.

    Raises:
        NotFound: it is another company's.
        NotAllowed: the party has no such verb.
        StateConflict: not in this state.
    """
    if standing.party is Party.COMPANY and not standing.owns(movement.company):
        raise NotFound(
            f"no movement {movement.id}", context={"type": "movement", "id": movement.id}
        )
    require(standing, Thing.MOVEMENT, movement.state, verb, movement.id)


def serves(standing: Standing, book: Book, movement: Movement) -> bool:
    """Tell whether a pilotage or towage party has a job for a movement."""
    services = book.find(Service, "movement_id", (movement.id,))
    return any(standing.owns(service.organisation) for service in services)


def require_seen(planned_at: datetime | None, seen_at: datetime | None, item_id: str) -> None:
    """Require that a planned start is still the one that the caller saw, where it says so.

    Compared to the second, which is what callers are shown.

    Raises:
        MovementChanged: it has moved since.
    """
    if seen_at is not None and instant(seen_at) != instant(planned_at):
        raise MovementChanged(
            f"{item_id} starts at {instant(planned_at)} now",
            context={
                "id": item_id,
                "seen_start_at": instant(seen_at),
                "planned_start_at": instant(planned_at),
            },
        )
