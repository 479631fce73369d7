"""One view's feed, without sockets: what to say to a newcomer, after a fact, and in silence."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agencies.cursor import CursorSeal
from agencies.party import View
from agencies.projection import Entities, cause_of, ops_of, rows_of
from agencies.visibility import Veil
from dispatch.entities import instant
from dispatch.events import Fact

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """The facts that are still at hand, gapless and in order, up to the port's present offset.

    ``after_offset`` is the offset before the first of them; ``facts`` may be empty.
    """

    epoch: str
    after_offset: int
    facts: Sequence[Fact]

    @property
    def head(self) -> int:
        """The port's present offset."""
        return self.facts[-1].offset if self.facts else self.after_offset

    def since(self, offset: int) -> Sequence[Fact] | None:
        """Return the facts after an offset, or None where some of them are gone."""
        if not self.after_offset <= offset <= self.head:
            return None
        return self.facts[offset - self.after_offset :]


@dataclass(slots=True)
class Feed:
    """The decisions of one view; every subscriber of the view is told the same frames.

    ``told`` is the offset of the last frame that went to all subscribers. Facts which change
    nothing for the view send nothing and leave it, so that a newcomer's snapshot, taken at the
    present offset, stands at ``told`` as well: nothing of the view lies between.
    """

    view: View
    secret: bytes
    epoch: str
    told: int
    _seal: CursorSeal = field(init=False)
    _veil: Veil = field(init=False)

    def __post_init__(self) -> None:
        """Derive the view's own keys."""
        self._seal = CursorSeal(self.secret, self.view.key)
        self._veil = Veil(self.secret)

    @property
    def cursor(self) -> str:
        """The cursor that every up-to-date subscriber holds."""
        return self._seal.seal(self.epoch, self.told)

    def offset_of(self, cursor: str) -> int | None:
        """Return the offset of a cursor of this view, or None where it is not one."""
        return self._seal.open(self.epoch, cursor)

    # -- to everyone ------------------------------------------------------------------------

    def tell(self, fact: Fact) -> Frame | None:
        """Return the delta that a new fact is to this view, or None where it is none."""
        ops = ops_of(self.view, fact.changes, self._veil)
        if not ops:
            return None
        previous = self.cursor
        self.told = fact.offset
        return self._delta(fact, ops, previous, self.cursor)

    def heartbeat(self, head: int, at: datetime, behind_s: float) -> Frame:
        """Return a sign of life that also tells how far the view has been covered."""
        self.told = max(self.told, head)
        return {
            "type": "heartbeat",
            "cursor": self.cursor,
            "at": instant(at),
            "behind_s": round(behind_s, 1),
        }

    # -- to a newcomer ----------------------------------------------------------------------

    def snapshot(self, entities: Entities, at: datetime) -> Frame:
        """Return all rows as they are at the present offset."""
        return {
            "type": "snapshot",
            "cursor": self.cursor,
            "at": instant(at),
            "rows": rows_of(self.view, entities, self._veil),
        }

    def resume(self, since: str, history: History, at: datetime) -> list[Frame] | None:
        """Return the frames that bring a holder of ``since`` up to date, or None: take a snapshot.

        The first is ``resume`` with the cursor that the deltas (``count`` of them) go on from; the
        last of them carries the cursor that everyone else holds.
        """
        offset = self.offset_of(since)
        missed = None if offset is None else history.since(offset)
        if missed is None:
            return None
        changed = [
            (fact, ops) for fact in missed if (ops := ops_of(self.view, fact.changes, self._veil))
        ]
        base = since if changed else self.cursor
        frames: list[Frame] = [
            {"type": "resume", "cursor": base, "count": len(changed), "at": instant(at)}
        ]
        for number, (fact, ops) in enumerate(changed, start=1):
            last = number == len(changed)
            cursor = self.cursor if last else self._seal.seal(self.epoch, fact.offset)
            frames.append(self._delta(fact, ops, base, cursor))
            base = cursor
        return frames

    def page(self, since: str, history: History, limit: int) -> tuple[list[Frame], str] | None:
        """Return up to ``limit`` deltas after a cursor and the cursor to go on from.

        None where the cursor is not of this view, or facts after it are gone.
        """
        offset = self.offset_of(since)
        missed = None if offset is None else history.since(offset)
        if missed is None:
            return None
        frames: list[Frame] = []
        base = since
        for fact in missed:
            ops = ops_of(self.view, fact.changes, self._veil)
            if not ops:
                continue
            if len(frames) == limit:
                return frames, base
            cursor = self._seal.seal(self.epoch, fact.offset)
            frames.append(self._delta(fact, ops, base, cursor))
            base = cursor
        return frames, self._seal.seal(self.epoch, history.head)

    def _delta(self, fact: Fact, ops: list[dict[str, Any]], previous: str, cursor: str) -> Frame:
        return {
            "type": "delta",
            "prev": previous,
            "cursor": cursor,
            "at": instant(fact.at),
            "ops": ops,
            "cause": cause_of(self.view, fact, ops),
        }


def encode(frame: Frame) -> bytes:
    """Return a frame as it goes over the wire: compact JSON in UTF-8."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()
