"""Bounded values that request bodies are made of."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _within_the_century(instant: datetime) -> datetime:
    # compared before it is converted: an extreme date has no instant in UTC
    if not 2000 <= instant.year < 2100:
        raise ValueError(f"an instant from {EARLIEST:%Y} up to {LATEST:%Y}")
    return instant.astimezone(UTC)


def _printable(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        raise ValueError("no control characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("no lone surrogates") from None
    return text


Instant = Annotated[AwareDatetime, AfterValidator(_within_the_century)]
"""ISO 8601 with a zone; kept in UTC."""
Id = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(_printable)]
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Text = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_printable)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
"""A code of small letters: reasons, kinds, rules."""
Metres = Annotated[float, Field(ge=-100.0, le=100_000.0, allow_inf_nan=False)]
Tonnes = Annotated[float, Field(ge=0.0, le=10_000_000.0, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 365)]


class Body(BaseModel):
    """A request body: names that are not known are refused, so that a slip is not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """An answer's body; clients should pass over names that they do not know."""

    model_config = ConfigDict(frozen=True)
