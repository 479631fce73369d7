"""Who keeps a movement from which starts by which separation: many questions asked together."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from scheduler import rules
from scheduler.draft import Draft
from scheduler.starts import separated
from scheduler.tides import Ticks
from scheduler.ways import Pairs, Separation

Question = tuple[int, int, int]
"""A mode, and the starts ``[begin, end)`` that are asked for."""
Span = tuple[int, int, int]
"""First and last start that are ruled out (both included), and the movement in the way."""

_WIDE = 1 << 36
"""Keeps spans of different movements apart; no tick comes near it."""

_TOGETHER = 256
"""Questions that are asked at a time: more would take much memory in large ports."""


class Encounters:
    """What each separation alone rules out for modes of movements, given the others' places.

    The rules are asked only of the others that are met at all, and of all questions at once.

    Args:
        draft: The plan; it stays as it is, but for the movements that are asked about.
        questions: Those that are known to come; others are asked one by one.
    """

    def __init__(self, draft: Draft, questions: Iterable[Question] = ()) -> None:
        self._draft = draft
        self._known: dict[Question, dict[str, list[Span]]] = {}
        known = [one for one in dict.fromkeys(questions) if one[1] < one[2]]
        for k in range(0, len(known), _TOGETHER):
            self._ask(known[k : k + _TOGETHER])

    def spans(self, mode: int, begin: int, end: int) -> dict[str, list[Span]]:
        """By rule, the starts of ``[begin, end)`` that it rules out, in the order of the others."""
        if (mode, begin, end) not in self._known:
            self._ask([(mode, begin, end)])
        return self._known[mode, begin, end]

    def _ask(self, questions: list[Question]) -> None:
        self._known.update((question, {}) for question in questions)
        owns, others, places = zip(
            *(self._met(k, question) for k, question in enumerate(questions)), strict=True
        )
        pairs = Pairs(self._draft.tables, np.concatenate(owns), np.concatenate(others))
        place = np.concatenate(places)
        if len(place):
            for rule in rules.SEPARATIONS:
                self._sort_in(rule, pairs, place, questions)

    def _met(self, k: int, question: Question) -> tuple[Ticks, Ticks, Ticks]:
        """Legs of a question's mode and of others that are met, by twos; and its place each."""
        mode, begin, end = question
        legs = self._draft.tables.legs
        low, high, tracks = separated(self._draft, mode)
        met = np.unique(tracks[(low < end) & (high >= begin)]).tolist()
        own = legs.of_track[self._draft.tables.mode_track[mode]]
        other = np.concatenate([own[:0], *(legs.of_track[track] for track in met)])
        a, b = np.nonzero(legs.segment[own][:, None] == legs.segment[other])
        return own[a], other[b], np.full(len(a), k, dtype=np.int64)

    def _sort_in(
        self, rule: Separation, pairs: Pairs, place: Ticks, questions: list[Question]
    ) -> None:
        """Ask one rule of all pairs, and note what it says by question."""
        begin, end = (np.array([one[k] for one in questions])[place] for k in (1, 2))
        start = self._draft.track_start[pairs.b_track]
        waives = np.array([rule.name in names for names in self._draft.conflicts.waived])
        asked = ~(waives[pairs.a_ship] | waives[pairs.b_ship])
        # One number for a question and another track, by which what is said of both lies together.
        both = place * len(self._draft.track_start) + pairs.b_track
        found = [(both[:0], start[:0], start[:0])]
        for part in rule.forbidden(pairs):
            first, last = start - part.high, start - part.low
            here = part.chosen & asked & (first <= last) & (first < end) & (last >= begin)
            found.append((both[here], first[here], last[here]))
        both, first, last = _joined(
            *(np.concatenate(column) for column in zip(*found, strict=True))
        )
        which, track = np.divmod(both, len(self._draft.track_start))
        owner = self._draft.tables.track_owner[track]
        spans = list(zip(first.tolist(), last.tolist(), owner.tolist(), strict=True))
        bounds = np.searchsorted(which, np.arange(len(questions) + 1)).tolist()
        for question, (low, high) in zip(questions, pairwise(bounds), strict=True):
            if low < high:
                self._known[question][rule.name] = spans[low:high]


def _joined(both: Ticks, first: Ticks, last: Ticks) -> tuple[Ticks, Ticks, Ticks]:
    """Spans, both ends included, in order, with those joined that touch and are of the same two."""
    order = np.argsort(both * _WIDE + first, kind="stable")
    both = both[order]
    first, last = both * _WIDE + first[order], np.maximum.accumulate(both * _WIDE + last[order])
    heads = np.ones(len(first), dtype=np.bool_)
    heads[1:] = first[1:] > last[:-1] + 1
    begins = np.flatnonzero(heads)
    ends = np.append(begins[1:], len(first)) - 1
    base = both[begins] * _WIDE
    return both[begins], first[begins] - base, last[ends[: len(begins)]] - base
