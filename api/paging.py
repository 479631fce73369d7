"""Lists in pages: an opaque cursor says after which item the next one begins."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

from api.problems import CursorInvalid

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=500, description="Most items in the page.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


def cursor_after(item_id: str) -> str:
    """Return the cursor of what follows an item."""
    return base64.urlsafe_b64encode(f"after:{item_id}".encode()).decode("ascii").rstrip("=")


def read_cursor(cursor: str) -> str:
    """Return the id of the item that a cursor follows.

    Raises:
        CursorInvalid: it was not made here.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise CursorInvalid from None
    if not text.startswith("after:"):
        raise CursorInvalid
    return text.removeprefix("after:")


def id_order(item_id: str) -> tuple[int, str]:
    """Order ids that are a letter and a number: shorter first, then as text."""
    return len(item_id), item_id


def page_of(
    items: Sequence[dict[str, Any]],
    cursor: str | None,
    limit: int,
    order: Callable[[str], tuple[int, str]] = id_order,
) -> dict[str, Any]:
    """Return one page of items by their ``id``, and the cursor of the next one.

    An item that has gone since the last page does not matter: the order goes on.
    """
    rest = sorted(items, key=lambda item: order(str(item["id"])))
    if cursor is not None:
        after = order(read_cursor(cursor))
        rest = [item for item in rest if order(str(item["id"])) > after]
    shown = rest[:limit]
    more = len(rest) > limit
    return {"items": shown, "next": cursor_after(str(shown[-1]["id"])) if more else None}
