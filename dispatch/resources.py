"""Pilots and tugs as parties see them."""

from dataclasses import dataclass
from typing import Literal

PILOTAGE_ORGANISATION = "PILOT"
"""The organisation that answers for every pilot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A pilot or tug. ``organisation`` answers for its jobs; ``home`` is its station or base."""

    id: str
    pool: Literal["pilots", "tugs"]
    organisation: str
    name_zh: str
    name_en: str
    home: str
    grade: str | None = None
    pull_t: float | None = None
