"""Refusals as problem documents (RFC 9457): one code, one status, one page each."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dispatch import errors
from dispatch.declaration import Fault
from dispatch.port import PortDataInvalid
from dispatch.store.backups import BackupUnusable
from dispatch.store.database import DatabaseUnsupported

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1

STATUS: Mapping[type[errors.DispatchError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.ReadBackMissing: 403,
    errors.StateConflict: 409,
    errors.MovementChanged: 409,
    errors.RevisionMismatch: 412,
    errors.DeclarationFaulty: 422,
    errors.CallAlreadyDeclared: 409,
    errors.NotExecutable: 409,
    errors.EarlierMovementOpen: 409,
    errors.EventInFuture: 422,
    errors.EventOutOfOrder: 409,
    errors.EventAlreadyReported: 409,
    errors.EventNotOfMovement: 422,
    errors.ValueRefused: 422,
    errors.PlanOutOfDate: 409,
    errors.PlanFaulty: 409,
    errors.IdempotencyKeyReused: 422,
    errors.ServiceOverloaded: 503,
    errors.ServiceStopping: 503,
    errors.StoreUnavailable: 503,
    errors.CommandFailed: 500,
    errors.CredentialsRefused: 401,
    errors.SessionExpired: 401,
    errors.AccountExists: 409,
    errors.PasswordTooShort: 422,
    DatabaseUnsupported: 500,
    BackupUnusable: 422,
    PortDataInvalid: 500,
}


class PreconditionMissing(errors.DispatchError):
    """A change of what can be edited by others has to say what it was read as."""

    code = "precondition-missing"
    title = "Send If-Match with the ETag that was read"


class ResyncNeeded(errors.DispatchError):
    """The cursor is of another view or epoch, or what follows it is no longer kept."""

    code = "resync-needed"
    title = "Take a snapshot and go on from its cursor"


class CursorInvalid(errors.DispatchError):
    """A list cursor that this list did not give."""

    code = "cursor-invalid"
    title = "The cursor is not one of this list"


class HeaderInvalid(errors.DispatchError):
    """A request header that cannot be read; ``context`` names it."""

    code = "header-invalid"
    title = "A request header cannot be read"


class SignInThrottled(errors.DispatchError):
    """Too many wrong passwords for one account."""

    code = "sign-in-throttled"
    title = "Too many failed sign-ins; wait a little"


STATUS_OF_REQUESTS: Mapping[type[errors.DispatchError], int] = {
    PreconditionMissing: 428,
    ResyncNeeded: 410,
    CursorInvalid: 400,
    HeaderInvalid: 400,
    SignInThrottled: 429,
}
"""Refusals of the HTTP layer itself."""

BARE: Mapping[int, tuple[str, str]] = {
    400: ("unreadable", "The request cannot be read"),
    401: ("not-signed-in", "Sign in first"),
    403: ("not-allowed", "This party may not do this"),
    404: ("not-found", "There is no such thing here"),
    405: ("method-not-allowed", "This method is not offered here"),
    413: ("body-too-long", "The request body is too long"),
    415: ("unsupported-media-type", "This kind of body is not taken here"),
    422: ("shape-invalid", "The request does not have the shape that is asked for"),
    500: ("internal-error", "The service failed on this request"),
}
"""Code and title of refusals that have no class of their own."""

LIVE: Mapping[str, str] = {
    "resync": "Subscribe again; a snapshot follows",
    "too-many-connections": "This account has too many live connections",
    "frame-invalid": "The first frame has to be a subscription",
    "subscription-late": "No subscription came in time",
    "board-not-open": "This account may not open this board",
}
"""Codes that only the live socket gives, with their titles."""


def status_of(error: errors.DispatchError) -> int:
    """Return the HTTP status of a refusal.

    Raises:
        KeyError: its class is in no table; a test keeps that from happening.
    """
    for table in (STATUS, STATUS_OF_REQUESTS):
        for kind in type(error).__mro__:
            if kind in table:
                return table[kind]
    raise KeyError(type(error).__name__)


def codes() -> dict[str, tuple[int | None, str]]:
    """Return status and English title of every code that the service gives."""
    found: dict[str, tuple[int | None, str]] = {
        kind.code: (status, kind.title)
        for table in (STATUS, STATUS_OF_REQUESTS)
        for kind, status in table.items()
    }
    for status, (code, title) in BARE.items():
        found.setdefault(code, (status, title))
    for code, title in LIVE.items():
        found.setdefault(code, (None, title))
    return found


def document(
    request: Request,
    *,
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    **extension: Any,
) -> Response:
    """Return a problem document as an answer; ``extension`` members follow the standard ones."""
    request_id = getattr(request.state, "request_id", None) or str(uuid4())
    body = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": f"urn:uuid:{request_id}",
        "code": code,
        **extension,
    }
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    # ASCII only: what a caller sent may come back in it, lone surrogates included
    content = json.dumps(body, separators=(",", ":"))
    return Response(content, status, headers, MEDIA_TYPE)


def fault_document(fault: Fault) -> dict[str, Any]:
    """Return one fault of what was sent as a violation."""
    violation: dict[str, Any] = {
        "code": fault.code,
        "params": dict(fault.params),
        "pointer": fault.pointer,
    }
    if fault.row is not None:
        violation["row"] = fault.row
    if fault.column is not None:
        violation["column"] = fault.column
    return violation


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal of the domain."""
    assert isinstance(error, errors.DispatchError)
    extension: dict[str, Any] = {"context": error.context}
    if isinstance(error, (errors.DeclarationFaulty, errors.ValueRefused)) and error.faults:
        extension["violations"] = [fault_document(fault) for fault in error.faults]
    return document(
        request,
        status=status_of(error),
        code=error.code,
        title=error.title,
        detail=error.detail,
        **extension,
    )


async def on_shape(request: Request, error: Exception) -> Response:
    """Answer a request whose shape is wrong: where, as JSON pointers, and why."""
    assert isinstance(error, RequestValidationError)
    violations = [
        {
            "code": str(item["type"]).replace("_", "-"),
            "params": _plain_params(item.get("ctx") or {}),
            "pointer": _pointer(item["loc"][1:]),
            "in": str(item["loc"][0]) if item["loc"] else "body",
            "detail": str(item["msg"]),
        }
        for item in error.errors()
    ]
    unreadable = any(item["code"] == "json-invalid" for item in violations)
    code, title = BARE[400 if unreadable else 422]
    return document(
        request,
        status=400 if unreadable else 422,
        code=code,
        title=title,
        violations=violations,
    )


def _pointer(location: tuple[Any, ...] | list[Any]) -> str:
    """Return a JSON pointer.

    Source: RFC 6901, section 3.
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def _plain_params(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (str, int, float, bool)) else str(value)
        for name, value in context.items()
    }


async def on_bare(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses."""
    assert isinstance(error, HTTPException)
    code, title = BARE.get(error.status_code, BARE[400 if error.status_code < 500 else 500])
    answer = document(request, status=error.status_code, code=code, title=title)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


async def on_failure(request: Request, error: Exception) -> Response:
    """Answer a fault of the service itself with nothing but the request's id."""
    del error  # it is logged where it is raised; callers are told nothing of it
    code, title = BARE[500]
    return document(request, status=500, code=code, title=title)
