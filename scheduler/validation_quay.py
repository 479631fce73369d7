"""Faults of positions along a quay, where they are to be chosen."""

from collections.abc import Iterator

from scheduler.faults import Fault
from scheduler.problem import Fixed, Mode, Movement, Problem


class QuayLookUp:
    """What positions refer to."""

    def __init__(self, problem: Problem) -> None:
        self._lengths_mm = {ship.id: ship.loa_mm for ship in problem.ships}
        self._quays = {berth.id: berth.quay for berth in problem.berths}
        self._continuous = {quay.id for quay in problem.quays if quay.continuous}
        self._ends_mm: dict[str | None, int] = {}
        for berth in problem.berths:
            self._ends_mm[berth.quay] = max(berth.end_mm, self._ends_mm.get(berth.quay, 0))

    def along(self, movement: Movement, mode: Mode, path: str) -> Iterator[Fault]:
        """Judge the span of a quay in which a mode leaves the position to be chosen."""
        if mode.along_mm is None:
            return
        (begin, end), path = mode.along_mm, f"{path}/along_mm"
        told: dict[str, int | str] = {"begin": begin, "end": end}
        loa_mm = self._lengths_mm.get(movement.ship)
        quay = self._quays.get(mode.to_place or "")
        if mode.stretch_mm is not None:
            yield Fault(path, "along_and_stretch", {"mode": mode.id})
        if begin >= end:
            yield Fault(path, "end_not_after_begin", told)
        elif loa_mm is not None and end - begin < loa_mm:
            yield Fault(path, "along_too_short", {"need_mm": loa_mm, "have_mm": end - begin})
        if quay not in self._continuous:
            yield Fault(path, "no_continuous_quay", {"place": mode.to_place or ""})
        elif end > self._ends_mm[quay]:
            yield Fault(path, "along_outside_quay", {**told, "most_mm": self._ends_mm[quay]})

    def fixed(self, movement: Movement, fixed: Fixed, path: str) -> Iterator[Fault]:
        """Judge the position of a movement that is fixed."""
        mode = next((mode for mode in movement.modes if mode.id == fixed.mode), None)
        loa_mm = self._lengths_mm.get(movement.ship)
        if mode is None or loa_mm is None:
            return
        if mode.along_mm is None:
            if fixed.begin_mm is not None:
                yield Fault(path, "position_not_asked", {"mode": mode.id})
        elif fixed.begin_mm is None:
            yield Fault(path, "position_missing", {"mode": mode.id})
        elif not mode.along_mm[0] <= fixed.begin_mm <= mode.along_mm[1] - loa_mm:
            told = {"begin": fixed.begin_mm, "end": fixed.begin_mm + loa_mm}
            first, end = mode.along_mm
            yield Fault(path, "position_outside", {**told, "least_mm": first, "most_mm": end})
