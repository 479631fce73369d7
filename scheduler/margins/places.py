"""Room at berths and anchorages, and time between what a ship does there."""

from collections.abc import Iterator
from math import inf

from scheduler.checks.berth_occupancy import same_water
from scheduler.checks.sheet import Hold, Sheet, Voyage
from scheduler.margins.margin import Margin, Side

_WIDE_TICKS = 10**6
"""Instead of a margin without end, where a stay has none or no beginning."""


def _ticks(value: float) -> int:
    return int(max(-_WIDE_TICKS, min(_WIDE_TICKS, value)))


def berth_occupancy(sheet: Sheet) -> Iterator[Margin]:
    """Yield the ticks to the neighbours before and after at a berth, and to its closures."""
    held = [(hold, berth) for hold in sheet.holds if (berth := sheet.berths.get(hold.place))]
    for hold, berth in held:
        for span in berth.closed:
            before, after = hold.begin - span.end, span.begin - hold.end
            side: Side = "before" if before >= after else "after"
            yield from _of_stay(hold, max(before, after), side, berth.id, code="closed")
    held.sort(key=lambda pair: pair[0].begin)
    for n, (earlier, berth) in enumerate(held):
        for later, other_berth in held[n + 1 :]:
            if not same_water(sheet, earlier, berth, later, other_berth):
                continue
            turnover = max(berth.turnover_ticks, other_berth.turnover_ticks)
            apart = max(later.begin - earlier.end, earlier.begin - later.end) - turnover
            yield from _of_stay(earlier, apart, "after", other_berth.id, other=later)
            yield from _of_stay(later, apart, "before", berth.id, other=earlier)


def _of_stay(
    hold: Hold,
    ticks: float,
    side: Side,
    place: str,
    *,
    other: Hold | None = None,
    code: str = "",
) -> Iterator[Margin]:
    """Yield a margin of a stay for the movements that begin and end it."""
    if ticks >= _WIDE_TICKS:
        return
    neighbour = None
    if other is not None:
        # whose time bounds it: the one that leaves before, or the one that comes after
        first, second = (other.exit, other.entry) if side == "before" else (other.entry, other.exit)
        neighbour = first or second
    for voyage in (hold.entry, hold.exit):
        if voyage is not None:
            params: dict[str, int | str] = {"place": place, "stay": hold.stay.id}
            if other is not None:
                params["other_stay"] = other.stay.id
            yield Margin(
                movement=voyage.id,
                rule="berth_occupancy",
                code=code,
                side=side,
                margin=_ticks(ticks),
                unit="ticks",
                other=None if neighbour is None else neighbour.id,
                params=params,
            )


def anchorage_capacity(sheet: Sheet) -> Iterator[Margin]:
    """Yield how many ships more an anchorage has room for when it is fullest during a stay."""
    for anchorage in sheet.problem.anchorages:
        holds = [hold for hold in sheet.holds if hold.place == anchorage.id]
        fullest: dict[str, tuple[int, float]] = {}
        for tick in sorted({hold.begin for hold in holds}):
            present = [hold for hold in holds if hold.begin <= tick < hold.end]
            for hold in present:
                for voyage in (hold.entry, hold.exit):
                    if voyage is not None:
                        worst = fullest.get(voyage.id, (0, 0.0))
                        fullest[voyage.id] = max(worst, (len(present), tick))
        for movement, (count, tick) in fullest.items():
            params: dict[str, int | str] = {
                "place": anchorage.id,
                "have_ships": count,
                "limit_ships": anchorage.capacity,
            }
            if tick > -inf:
                params["tick"] = int(tick)
            yield Margin(
                movement=movement,
                rule="anchorage_capacity",
                margin=anchorage.capacity - count,
                unit="ships",
                params=params,
            )


def boarding_slot(sheet: Sheet) -> Iterator[Margin]:
    """Yield how many ships more a boarding place could serve in the slot of a start."""
    for place in sheet.problem.boarding_places:
        slots: dict[int, list[str]] = {}
        for voyage in sheet.voyages.values():
            if voyage.mode.boarding_place == place.id:
                slot = (voyage.start + place.slot_phase_ticks) // place.slot_ticks
                slots.setdefault(slot, []).append(voyage.id)
        for slot, names in slots.items():
            for name in names:
                yield Margin(
                    movement=name,
                    rule="boarding_slot",
                    margin=place.ships_per_slot - len(names),
                    unit="ships",
                    params={
                        "place": place.id,
                        "tick": slot * place.slot_ticks - place.slot_phase_ticks,
                        "have_ships": len(names),
                        "limit_ships": place.ships_per_slot,
                    },
                )


def service_time(sheet: Sheet) -> Iterator[Margin]:
    """Yield the ticks between the end of a ship's service and its leaving."""
    for hold in sheet.holds:
        leaving, entry = hold.exit, hold.entry
        if leaving is None:
            continue
        ready = hold.stay.ready if entry is None else entry.end + hold.stay.service_ticks
        sides: tuple[tuple[Voyage | None, Voyage | None, Side], ...] = (
            (leaving, entry, "before"),
            (entry, leaving, "after"),
        )
        for voyage, other, side in sides:
            if voyage is not None:
                yield Margin(
                    movement=voyage.id,
                    rule="service_time",
                    side=side,
                    margin=leaving.start - ready,
                    unit="ticks",
                    other=None if other is None else other.id,
                    params={"stay": hold.stay.id, "ready_tick": ready, "tick": leaving.start},
                )


def follows(sheet: Sheet) -> Iterator[Margin]:
    """Yield the ticks to spare between a movement and those that it follows or that follow it."""
    for voyage in sheet.voyages.values():
        for link in voyage.movement.follows:
            other = sheet.voyages.get(link.movement)
            if other is None:
                continue
            margin = voyage.start - other.end - link.gap_ticks
            sides: tuple[tuple[str, str, Side], ...] = (
                (voyage.id, other.id, "before"),
                (other.id, voyage.id, "after"),
            )
            for name, neighbour, side in sides:
                yield Margin(
                    movement=name,
                    rule="follows",
                    side=side,
                    margin=margin,
                    unit="ticks",
                    other=neighbour,
                    params={"need_ticks": link.gap_ticks, "have_ticks": voyage.start - other.end},
                )
