"""The published contract: refusals with their right media type, and one committed document."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import BARE, MEDIA_TYPE

PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
VIOLATION = {
    "type": "object",
    "required": ["code", "pointer"],
    "properties": {
        "code": {"type": "string", "description": "Stable; the text is made from it."},
        "params": {"type": "object"},
        "pointer": {"type": "string", "description": "JSON pointer into the body (RFC 6901)."},
        "in": {"type": "string", "description": "body, query, path or header."},
        "row": {"type": "integer", "description": "Row of the sheet; headers are row 1."},
        "column": {"type": "string", "description": "Header of the sheet's column."},
        "detail": {"type": "string"},
    },
}
PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457). `type` is a page that explains the code.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "urn:uuid of the request."},
        "code": {"type": "string"},
        "context": {"type": "object"},
        "violations": {"type": "array", "items": {"$ref": "#/components/schemas/Violation"}},
    },
}
IDEMPOTENCY_KEY = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
"""Header of an answer that was given before under the same key."""
REPLAYED_HEADER = {
    "description": "`true` where the answer was given before under the same key.",
    "schema": {"type": "string", "enum": ["true"]},
}
TITLES = {
    409: "Not possible as things stand",
    410: "Take a snapshot and go on from it",
    412: "Changed since it was read",
    428: "If-Match is missing",
    429: "Too many attempts",
    503: "Try again shortly",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that may refuse with these statuses.

    Written out with a reference: a ``model`` would be published under ``application/json``.
    """
    return {
        status: {
            "description": TITLES.get(status) or BARE[status][1],
            "content": {MEDIA_TYPE: {"schema": PROBLEM_REF}},
        }
        for status in statuses
    }


def _refuse_shapes_as_problems(document: dict[str, Any]) -> None:
    """Routes with parameters get the framework's own 422; ours is a problem document."""
    for operations in document["paths"].values():
        for operation in operations.values():
            answer = operation["responses"].get("422")
            if answer is not None and MEDIA_TYPE not in answer.get("content", {}):
                operation["responses"]["422"] = refusals(422)[422]
    for name in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(name, None)


def _tell_of_replays(document: dict[str, Any]) -> None:
    """Whatever takes an idempotency key says in a header whether its answer is a repeat."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if not any(item["name"] == IDEMPOTENCY_KEY for item in operation.get("parameters", ())):
                continue
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    answer["headers"] = {REPLAYED: REPLAYED_HEADER}


def publish_contract(app: FastAPI) -> None:
    """Have the application publish its routes with the problem schema among the components."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
                license_info=app.license_info,
            )
            _refuse_shapes_as_problems(document)
            _tell_of_replays(document)
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = PROBLEM
            schemas["Violation"] = VIOLATION
            app.openapi_schema = document
        return app.openapi_schema

    # the framework's documented way to publish another document is to put a function in its place
    app.openapi = openapi  # type: ignore[method-assign]
