"""What can stop a command, as facts with a stable code; no HTTP and no text for people in here."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from dispatch.declaration import Fault

Plain = str | int | float | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]


class DispatchError(Exception):
    """A refusal.

    Attributes:
        code: Stable, in kebab case; there is a page for each.
        title: What it means, in English, the same for every instance.
        detail: What it is this time, in English.
        context: Plain JSON values for programs and for texts in other languages.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The command was refused"

    def __init__(self, detail: str = "", *, context: Mapping[str, Plain] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.context: dict[str, Plain] = dict(context or {})


class NotFound(DispatchError):
    """There is no such thing, or none that the caller may know of."""

    code = "not-found"
    title = "There is no such thing here"


class NotAllowed(DispatchError):
    """The party has no such verb, or not for this thing."""

    code = "not-allowed"
    title = "This party may not do this"


class ReadBackMissing(DispatchError):
    """An act on behalf of another party has to be read back to it first."""

    code = "read-back-missing"
    title = "What is entered for another party has to be read back to it"


class StateConflict(DispatchError):
    """The thing is in a state in which the verb is not possible."""

    code = "state-conflict"
    title = "Not possible in this state"


class MovementChanged(DispatchError):
    """The planned time is no longer the one that the caller saw."""

    code = "movement-changed"
    title = "The planned time has changed since it was shown"


class RevisionMismatch(DispatchError):
    """Somebody else changed it first."""

    code = "revision-mismatch"
    title = "It has been changed since it was read"


class DeclarationFaulty(DispatchError):
    """The declaration was refused as a whole; ``faults`` says where and why."""

    code = "declaration-faulty"
    title = "The declaration has faults; nothing of it was kept"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} fault(s)", context={"count": len(faults)})
        self.faults = faults


class CallAlreadyDeclared(DispatchError):
    """The ship's call is declared already."""

    code = "call-already-declared"
    title = "This call has been declared already"


class NotExecutable(DispatchError):
    """A movement would start before its services are confirmed and it is cleared."""

    code = "not-executable"
    title = "Not every service is confirmed, or the movement is not cleared"


class EarlierMovementOpen(DispatchError):
    """The movement before it in the same call is not completed."""

    code = "earlier-movement-open"
    title = "The movement before it is not completed"


class EventInFuture(DispatchError):
    """An actual time that has not come yet."""

    code = "event-in-future"
    title = "An actual time lies in the future"


class EventOutOfOrder(DispatchError):
    """An actual time that contradicts the others of the movement or of the call."""

    code = "event-out-of-order"
    title = "The actual time contradicts another one"


class EventAlreadyReported(DispatchError):
    """It was reported before; a wrong time is corrected, not reported again."""

    code = "event-already-reported"
    title = "This event has been reported already"


class EventNotOfMovement(DispatchError):
    """The event does not happen in this kind of movement."""

    code = "event-not-of-movement"
    title = "This event does not occur in this kind of movement"


class ValueRefused(DispatchError):
    """A value of a command that makes no sense; ``context`` names the field, or ``faults`` tell."""

    code = "value-refused"
    title = "A value makes no sense"

    def __init__(
        self,
        detail: str = "",
        *,
        context: Mapping[str, Plain] | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> None:
        super().__init__(detail, context=context)
        self.faults = faults


class PlanOutOfDate(DispatchError):
    """The plan was made from an older situation, or by a planner that has been replaced."""

    code = "plan-out-of-date"
    title = "The situation has changed since this plan was made"


class PlanFaulty(DispatchError):
    """A plan that contradicts the state of what it plans."""

    code = "plan-faulty"
    title = "The plan contradicts the state of its movements"


class IdempotencyKeyReused(DispatchError):
    """The key has been used for another command."""

    code = "idempotency-key-reused"
    title = "The idempotency key was used for something else"


class ServiceOverloaded(DispatchError):
    """More commands wait than the service takes on; nothing was done."""

    code = "service-overloaded"
    title = "Too many commands are waiting; try again shortly"


class ServiceStopping(DispatchError):
    """The service takes no more commands; nothing was done."""

    code = "service-stopping"
    title = "The service is stopping"


class StoreUnavailable(DispatchError):
    """The store did not take it; ``context["kept"]`` is ``"no"``, or ``"unknown"``."""

    code = "store-unavailable"
    title = "The store could not keep this"


class CommandFailed(DispatchError):
    """A fault of the service itself; nothing was kept."""

    code = "command-failed"
    title = "The service failed on this command; nothing of it was kept"


class CredentialsRefused(DispatchError):
    """Unknown account or wrong password; which of them is not said."""

    code = "credentials-refused"
    title = "The account or the password is wrong"


class SessionExpired(DispatchError):
    """The token is unknown, closed or too old."""

    code = "session-expired"
    title = "Sign in again"


class AccountExists(DispatchError):
    """There is an account of this name."""

    code = "account-exists"
    title = "There is an account of this name already"


class PasswordTooShort(DispatchError):
    """A password under twelve characters."""

    code = "password-too-short"
    title = "The password is too short"
