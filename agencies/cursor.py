"""Cursors: a place in the outbox, sealed for one view: it tells nothing and fits no other."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

ROUNDS = 4
HALF_BYTES = 8
EPOCH_BYTES = 8
TEXT_LENGTH = 22


@dataclass(frozen=True, slots=True)
class CursorSeal:
    """Seals and opens the cursors of one view.

    A cursor is a keyed permutation (four Feistel rounds of HMAC-SHA-256) of the epoch's digest
    and the offset. The same place always gives the same cursor, so that processes which share the
    secret agree; one made up, or another view's, opens only with a chance of 2**-64.

    Source: Luby and Rackoff, How to construct pseudorandom permutations (1988).
    """

    secret: bytes
    view_key: str

    def seal(self, epoch: str, offset: int) -> str:
        """Return the cursor of an offset: 22 characters that are safe in a URL."""
        left, right = _epoch_digest(epoch), offset.to_bytes(HALF_BYTES, "big")
        for step in range(ROUNDS):
            left, right = right, _mixed(left, self._round(step, right))
        return base64.urlsafe_b64encode(left + right).decode("ascii").rstrip("=")

    def open(self, epoch: str, cursor: str) -> int | None:
        """Return a cursor's offset, or None where it is not one of this view in this epoch."""
        if len(cursor) != TEXT_LENGTH or not cursor.isascii():
            return None
        try:
            sealed = base64.b64decode(cursor + "==", altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        left, right = sealed[:HALF_BYTES], sealed[HALF_BYTES:]
        for step in reversed(range(ROUNDS)):
            left, right = _mixed(right, self._round(step, left)), left
        if not hmac.compare_digest(left, _epoch_digest(epoch)):
            return None
        return int.from_bytes(right, "big")

    def _round(self, step: int, half: bytes) -> bytes:
        told = b"cursor\x00" + self.view_key.encode() + b"\x00" + bytes([step]) + half
        return hmac.new(self.secret, told, hashlib.sha256).digest()[:HALF_BYTES]


def _epoch_digest(epoch: str) -> bytes:
    return hashlib.sha256(epoch.encode()).digest()[:EPOCH_BYTES]


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(first ^ second for first, second in zip(one, other, strict=True))
