"""Whom to take of those who are free: enough, of the right grades and pull, and spare the able."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.problem import Break, Pool
from scheduler.tides import Mask, Ticks
from scheduler.ways import Demand

Rested = Callable[[int], bool]
"""Whether a resource (by its place) is within its limits with one more duty."""


@dataclass(frozen=True, slots=True)
class Able:
    """A demand as masks over its pool's resources, each of shape ``(resources,)``.

    ``usable``: who may be in the team at all; ``first`` is None where no first is asked for.
    """

    demand: Demand
    others: Mask
    first: Mask | None
    usable: Mask


def able(demand: Demand) -> Able:
    """Lay out who may do what a demand asks."""
    others = np.array(demand.others, dtype=np.bool_)
    first = None if demand.first is None else np.array(demand.first, dtype=np.bool_)
    return Able(demand, others, first, others if first is None else others | first)


def enough(asked: Able, free: Mask, pulls: Ticks) -> bool:
    """Whether numbers, pull and a first alone do not rule a team out of who is free."""
    usable = asked.usable & free
    if int(np.count_nonzero(usable)) < asked.demand.least:
        return False
    if asked.first is not None and not (asked.first & free).any():
        return False
    return not asked.demand.pull_kg or int(pulls[usable].sum()) >= asked.demand.pull_kg


def suffices(demand: Demand, team: Sequence[int], pulls: Sequence[int]) -> bool:
    """Whether a team is enough, of the right number, pull and qualifications."""
    if len(set(team)) != len(team) or not demand.least <= len(team) <= demand.most:
        return False
    if sum(pulls[k] for k in team) < demand.pull_kg:
        return False
    if demand.first is None:
        return all(demand.others[k] for k in team)
    first = demand.first
    return any(first[k] and all(demand.others[o] for o in team if o != k) for k in team)


def has_breaks(
    breaks: Iterable[Break], laid: Iterable[tuple[int, int]], new: Sequence[tuple[int, int]]
) -> bool:
    """Whether each planned break that new duties touch still finds its time.

    Args:
        breaks: Planned breaks of one resource.
        laid: Its duties so far, ``(begin, end)`` in ticks.
        new: What is to be laid on it, in the same way.
    """
    for one in breaks:
        low, high = one.span.begin, one.span.end
        if not any(begin < high and low < end for begin, end in new):
            continue
        free_from, longest = low, 0
        for begin, end in sorted([*laid, *new]):
            longest = max(longest, min(begin, high) - free_from)
            free_from = max(free_from, end)
        if max(longest, high - free_from) < one.ticks:
            return False
    return True


def rested(pool: Pool, laid: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]]) -> bool:
    """Whether new duties keep a resource within its pool's limits over any rolling span.

    Args:
        pool: Whose limits.
        laid: Its duties so far, ``(begin, end)`` in ticks.
        new: What is to be laid on it, in the same way.
    """
    if pool.max_duties is None and pool.min_rest_rolling_ticks <= 0:
        return True
    limit = pool.rolling_ticks - pool.min_rest_rolling_ticks
    if not laid and len(new) == 1:
        begin, end = new[0]
        return pool.max_duties != 0 and (pool.min_rest_rolling_ticks <= 0 or end - begin <= limit)
    # what lies a whole rolling span away shares none with them, so a week costs no more than a day
    first = min((begin for begin, _ in new), default=0) - pool.rolling_ticks
    last = max((end for _, end in new), default=0) + pool.rolling_ticks
    spans = sorted([*(one for one in laid if one[1] > first and one[0] < last), *new])
    if pool.max_duties is not None:
        begins = [begin for begin, _ in spans]
        for begin, later in zip(begins, begins[pool.max_duties :], strict=False):
            if later - begin < pool.rolling_ticks:
                return False
    if pool.min_rest_rolling_ticks <= 0 or sum(e - b for b, e in spans) <= limit:
        return True
    froms = {begin for begin, _ in spans} | {end - pool.rolling_ticks for _, end in spans}
    return all(
        sum(max(0, min(e, t + pool.rolling_ticks) - max(b, t)) for b, e in spans) <= limit
        for t in froms
    )


class Ranking:
    """Picks teams of one pool's resources.

    Args:
        pulls: Pull of each, kilograms.
        most: No team is larger than this, whatever pull is asked for.
    """

    def __init__(self, pulls: Sequence[int]) -> None:
        self._pulls = list(pulls)
        self._strongest = sorted(range(len(pulls)), key=lambda k: -pulls[k])

    def pick(
        self, asked: Able, free: Mask, order: Iterable[int], rested: Rested
    ) -> tuple[int, ...] | None:
        """Choose a team of who is free, or None.

        Args:
            asked: What is asked of it.
            free: Who is free, shape ``(resources,)``.
            order: All resources, the fittest first.
            rested: Asked of who is about to be taken.
        """
        ranked = list(order)
        known: dict[int, bool] = {}

        def may(k: int) -> bool:
            if k not in known:
                known[k] = rested(k)
            return known[k]

        others = _chosen(ranked, asked.others & free)
        if asked.demand.pull_kg:
            others = [k for k in others if may(k)]
        if asked.first is None:
            return self._complete(asked.demand, may, (), others)
        for k in _chosen(ranked, asked.first & free):
            if may(k):
                rest = [other for other in others if other != k]
                team = self._complete(asked.demand, may, (k,), rest)
                if team is not None:
                    return team
        return None

    def _complete(
        self, demand: Demand, may: Rested, team: tuple[int, ...], others: list[int]
    ) -> tuple[int, ...] | None:
        """Fill up a team in the order of ``others``, with no more members than pull asks for."""
        if not demand.pull_kg:
            full = list(team)
            for k in others:
                if len(full) >= demand.least:
                    break
                if may(k):
                    full.append(k)
            return tuple(full) if demand.least <= len(full) <= demand.most else None
        at_hand = set(others)
        strongest = [self._pulls[k] for k in self._strongest if k in at_hand]
        have = sum(self._pulls[k] for k in team)
        for count in range(max(demand.least, len(team)), demand.most + 1):
            more = count - len(team)
            if have + sum(strongest[:more]) >= demand.pull_kg and len(others) >= more:
                return self._fill(demand.pull_kg, team, others, count)
        return None

    def _fill(
        self, pull_kg: int, team: tuple[int, ...], others: list[int], count: int
    ) -> tuple[int, ...]:
        """Take the fittest first, as long as the strongest of the rest can make up the pull."""
        chosen, left = list(team), list(others)
        have = sum(self._pulls[k] for k in chosen)
        while len(chosen) < count:
            lacking = count - len(chosen) - 1
            strongest = sorted((self._pulls[k] for k in left), reverse=True)[: lacking + 1]
            reach = sum(strongest[:lacking])
            for k in left:
                pull = self._pulls[k]
                # Without itself among the strongest, the next one takes its place.
                among = lacking > 0 and pull >= strongest[lacking - 1]
                rest = sum(strongest) - pull if among else reach
                if have + pull + rest >= pull_kg:
                    chosen.append(k)
                    left.remove(k)
                    have += pull
                    break
        return tuple(chosen)


def _chosen(ranked: list[int], mask: Mask) -> list[int]:
    allowed = mask.tolist()
    return [k for k in ranked if allowed[k]]
