"""The published contract of the live feed (AsyncAPI 3), made from the frames' own models."""

from typing import Any

from pydantic.json_schema import models_json_schema

from api.schemas.frames import FROM_SERVER, Frame, Subscribe
from api.version import CONTRACT_VERSION

CLOSE_CODES = {
    "4400": "The first frame was no subscription, came too late, or another one followed.",
    "4401": "Not allowed: no session (any more), or not this board.",
    "4409": "Subscribe again; a snapshot follows.",
    "4429": "Too many connections of this account.",
    "1006": "No close frame: the connection was cut, as it is for whoever does not read.",
    "1012": "The service restarts.",
}


def asyncapi_document() -> dict[str, Any]:
    """Return the contract."""
    models: tuple[type[Frame], ...] = (Subscribe, *FROM_SERVER)
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    messages = {
        model.__name__: {
            "contentType": "application/json",
            "summary": (model.__doc__ or "").strip(),
            "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        }
        for model in models
    }
    told = [f"#/channels/live/messages/{model.__name__}" for model in FROM_SERVER]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Fairway 航道通: live boards",
            "version": CONTRACT_VERSION,
            "description": (
                "One subscription, then frames one way. Continuity means that a delta's `prev` is "
                "the cursor held; anything else means to subscribe anew. Commands go over HTTP "
                "(openapi.json)."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            "live": {
                "address": "/v1/live",
                "description": "WebSocket, text frames, uncompressed.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET"}},
                "x-close-codes": CLOSE_CODES,
            }
        },
        "operations": {
            "subscribe": {
                "action": "receive",
                "channel": {"$ref": "#/channels/live"},
                "messages": [{"$ref": "#/channels/live/messages/Subscribe"}],
            },
            "follow": {
                "action": "send",
                "channel": {"$ref": "#/channels/live"},
                "messages": [{"$ref": reference} for reference in told],
            },
        },
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }
