"""The other end of a feed, without sockets: rows kept up to date, gaps noticed, age told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HEARTBEAT_S = 5.0
STALE_AFTER_S = 12.0
"""Two heartbeats and a little: a board that has heard nothing for longer is shown as stale."""

Frame = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(slots=True)
class BoardClient:
    """One board as its holder has it.

    Attributes:
        cursor: Where it stands; None before the first snapshot.
        rows: By type and id.
        at: The service's clock in the last frame, ISO 8601.
        behind_s: How far behind its store the service itself was.
        problem: The last problem frame, if one ended the subscription.
        heard_s: The holder's own monotonic clock at the last frame.
    """

    cursor: str | None = None
    rows: dict[str, dict[str, Row]] = field(default_factory=dict[str, dict[str, Row]])
    at: str | None = None
    behind_s: float = 0.0
    problem: Frame | None = None
    heard_s: float | None = None
    replaying: int = 0

    def subscribe_frame(
        self, *, token: str, board: str, organisation: str | None = None
    ) -> dict[str, Any]:
        """Return the first frame to send; it asks for what was missed since the last one."""
        frame: dict[str, Any] = {
            "type": "subscribe",
            "token": token,
            "board": board,
            "since": self.cursor,
        }
        if organisation is not None:
            frame["organisation"] = organisation
        return frame

    def receive(self, frame: Frame, heard_s: float | None = None) -> bool:
        """Take a frame; False means that the feed has a gap: connect and subscribe anew.

        After a gap the cursor is forgotten, so that a snapshot follows. Frames of a type that is
        not known are passed over, so that the service may learn new ones.
        """
        if heard_s is not None:
            self.heard_s = heard_s
        match frame.get("type"):
            case "snapshot":
                self._replace(frame)
            case "resume":
                self.cursor = frame["cursor"]
                self.replaying = frame["count"]
            case "delta":
                if frame["prev"] != self.cursor:
                    self.cursor = None
                    return False
                self._apply(frame)
            case "heartbeat":
                if self.cursor is None:
                    return False
                self.cursor = frame["cursor"]
                self.behind_s = frame["behind_s"]
            case "problem":
                self.problem = frame
                return False
        self.at = frame.get("at", self.at)
        return True

    def _replace(self, frame: Frame) -> None:
        self.problem = None
        self.replaying = 0
        self.cursor = frame["cursor"]
        self.rows = {
            entity_type: {row["id"]: dict(row) for row in rows}
            for entity_type, rows in frame["rows"].items()
        }

    def _apply(self, frame: Frame) -> None:
        for op in frame["ops"]:
            rows = self.rows.setdefault(op["type"], {})
            if op["op"] == "put":
                rows[op["id"]] = dict(op["row"])
            else:
                rows.pop(op["id"], None)
        self.cursor = frame["cursor"]
        self.replaying = max(0, self.replaying - 1)

    def stale_s(self, now_s: float) -> float | None:
        """Return how many seconds nothing has been heard where that is too long, else None.

        What the service says of its own lag counts as silence.
        """
        if self.heard_s is None:
            return None
        age_s = now_s - self.heard_s + self.behind_s
        return age_s if age_s > STALE_AFTER_S else None
