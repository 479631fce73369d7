"""After a disruption: the smallest change to the published plan that makes it whole again."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from scheduler.adopt import is_valid, strands, take_out_blocked
from scheduler.answer import Proof
from scheduler.changes import is_moved, recrewed
from scheduler.clock import Clock
from scheduler.conflicts import Conflicts
from scheduler.construct import Placer, fixed_first, mandatory
from scheduler.crewing import crew, has_team, named_teams
from scheduler.displacement import Displacement
from scheduler.draft import Draft, Place
from scheduler.neighbourhoods import is_fixed, is_settled
from scheduler.outcome import Progress
from scheduler.purpose import Closer
from scheduler.starts import best_start, is_open
from scheduler.surroundings import Surroundings
from scheduler.swapping import swap_crews


@dataclass(slots=True)
class Mended:
    """A mended plan and what is proved of the smallness of its change."""

    draft: Draft
    proof: Proof


@dataclass(slots=True)
class Mender:
    """Mends one problem's published plan."""

    conflicts: Conflicts
    clock: Clock
    progress: Callable[[Progress], None] | None = None
    draft: Draft = field(init=False)
    placer: Placer = field(init=False)
    displacement: Displacement = field(init=False)
    purpose: Closer = field(init=False)
    _settled: Draft | None = None
    broken: dict[int, None] = field(default_factory=dict)
    """Movements that cannot stay where they are published, as far as that is known."""
    impossible: set[int] = field(default_factory=set)
    """Those of them that could not stay whatever the other published ones did."""

    def __post_init__(self) -> None:
        self.draft = Draft(self.conflicts)
        self.displacement = Displacement(self.draft, self.clock.limits.displaced_ticks)
        self.purpose = Closer(self.draft, self.displacement)
        self.placer = Placer(self.draft, self.purpose)

    def run(self) -> Mended:
        """Keep what can be kept, repair what is broken, look around where that is not enough."""
        fixed_first(self.draft, self.placer)
        self._keep_published()
        self._tell("kept")
        self._repair()
        self._tell("repaired")
        optimal = Surroundings(self).look()
        self.go_home()
        self._withdraw()
        self._try_again()
        return Mended(self.draft, self._proof(optimal=optimal))

    def _tell(self, phase: str) -> None:
        if self.progress is not None:
            self.progress(
                Progress(
                    phase=phase,
                    incumbent=self.draft.total(),
                    bound=None,
                    elapsed_s=self.clock.elapsed_s,
                )
            )

    def settled(self) -> Draft:
        """A plan with nothing in it but what is fixed; made once.

        Teams that are not fixed by name are left open: others could serve, too.
        """
        if self._settled is None:
            draft = self._settled = Draft(self.conflicts)
            fixed_first(draft, Placer(draft))
            for k in [k for k in draft.placed if not draft.tables.actual[k]]:
                fixed, place = draft.problem.movements[k].fixed, draft.unplace(k)
                teams = {} if fixed is None else named_teams(draft, k, fixed.crews)
                draft.put(k, replace(place, teams=teams))
        return self._settled

    # ---- keep what can be kept ----------------------------------------------------------------

    def _keep_published(self) -> None:
        """Place every published movement where it is published, if only its team must change."""
        movements = self.draft.problem.movements
        told = [
            (raw.published.start, k)
            for k, raw in enumerate(movements)
            if raw.published is not None and raw.fixed is None
        ]
        homes = {k: self.purpose.home(k) for _, k in sorted(told)}
        track = self.draft.tables.mode_track
        self.conflicts.prepare(track[place.mode] for place in homes.values() if place is not None)
        crewless: list[tuple[int, Place]] = []
        for movement, place in homes.items():
            if place is None or not self._is_open(self.draft, movement, place):
                self.broken[movement] = None
            elif has_team(self.draft, movement, place):
                self.draft.put(movement, place)
                continue
            if place is None or not self._may_stay(movement, place):
                self.broken[movement] = None
                self.impossible.add(movement)
            elif movement not in self.broken:
                crewless.append((movement, place))
        for movement, place in crewless:
            teams = None
            if self._is_open(self.draft, movement, place):
                teams = crew(self.draft, movement, place.mode, place.start, place.teams)
            if teams is not None:
                self.draft.put(movement, replace(place, teams=teams))
            elif not is_open(
                self.draft, movement, place.mode, place.start, place.begin_mm
            ) or not swap_crews(self.draft, self.clock, movement, place):
                self.broken[movement] = None

    def _is_open(self, draft: Draft, movement: int, place: Place) -> bool:
        """Whether all but the team rules leave a movement where it is published."""
        if not 0 <= place.start < self.conflicts.horizon:
            return False
        return is_open(draft, movement, place.mode, place.start, place.begin_mm, pending=True)

    def _may_stay(self, movement: int, place: Place) -> bool:
        """Whether only what is fixed leaves a movement where it is published, with some team."""
        draft = self.settled()
        return self._is_open(draft, movement, place) and (
            has_team(draft, movement, place)
            or crew(draft, movement, place.mode, place.start, place.teams) is not None
        )

    # ---- repair -------------------------------------------------------------------------------

    def _repair(self) -> None:
        """Give each broken movement the start nearest to its own, those that others need first."""
        urgent = [k for k in mandatory(self.draft) if k in self.broken]
        by_start = sorted(self.broken, key=self.purpose.wanted)
        for movement in dict.fromkeys([*urgent, *by_start]):
            if movement not in self.draft.placed:
                self.place_near(movement)
        self._take_out_blocked()
        for _ in range(3):
            everyone = range(len(self.draft.problem.movements))
            rest = [k for k in everyone if k not in self.draft.placed]
            self.placer.failed.clear()
            for movement in sorted(rest, key=self.purpose.wanted):
                if movement in self.broken:
                    self.place_near(movement)
                else:
                    self.placer.place(movement)
            if all(k not in self.draft.placed for k in rest):
                break
            self._take_out_blocked()

    def place_near(self, movement: int) -> bool:
        """Place a movement as near as can be; what hangs on it moves only if it must."""
        draft = self.draft
        for before in self.conflicts.before(movement):
            if before not in draft.placed:
                if before in self.broken and not is_settled(draft, before):
                    self.place_near(before)
                if before not in draft.placed:
                    return False
        place = best_start(draft, movement, self.purpose)
        if place is not None:
            draft.put(movement, place)
            return True
        later = [
            after
            for after in self.conflicts.after(movement)
            if after in draft.placed and not is_fixed(draft, after)
        ]
        if not later:
            return False
        taken = {k: draft.unplace(k) for k in later}
        place = best_start(draft, movement, self.purpose)
        if place is None:
            for k, before in taken.items():
                draft.put(k, before)
            return False
        draft.put(movement, place)
        for k in taken:
            self.broken[k] = None
            self.place_near(k)
        return True

    def _take_out_blocked(self) -> None:
        """Take out what was kept where the ship before it cannot be gone."""
        for movement in take_out_blocked(self.draft, self.draft.placed):
            if not is_fixed(self.draft, movement):
                self.broken[movement] = None

    # ---- at the end ---------------------------------------------------------------------------

    def go_home(self) -> None:
        """Bring back what turns out to fit where it was published after all."""
        draft = self.draft
        for movement in list(draft.placed):
            home = self.purpose.home(movement)
            changed = is_moved(draft, movement) or recrewed(draft, movement)
            if home is None or not changed or is_fixed(draft, movement):
                continue
            here = draft.unplace(movement)
            draft.put(movement, home)
            if not is_valid(draft, movement):
                draft.unplace(movement)
                draft.put(movement, here)

    def _withdraw(self) -> None:
        """Leave out what does not hold after all, as where an exit on which it rests was lost.

        Every step before this keeps the rules for what it moves; this is the last look at all.
        """
        draft = self.draft
        for _ in range(len(draft.problem.movements)):
            wrong = [
                k
                for k in list(draft.placed)
                if not is_fixed(draft, k) and (not is_valid(draft, k) or self._strands(k))
            ]
            if not wrong:
                return
            for k in wrong:
                draft.unplace(k)

    def _try_again(self) -> None:
        """Place what is left out where a start has come free since it was tried last."""
        missing = [
            k for k in range(len(self.draft.problem.movements)) if k not in self.draft.placed
        ]
        self.placer.failed.clear()
        for movement in sorted(missing, key=self.purpose.wanted):
            self.placer.place(movement)

    def _strands(self, movement: int) -> bool:
        """Whether an entry's exit is left out, so that the ship lies where others are to come."""
        stay = self.draft.tables.entry_stay.get(movement)
        name = None if stay is None else self.draft.problem.stays[stay].exit
        return name is not None and strands(self.draft, self.draft.tables.movement_index[name])

    def _proof(self, *, optimal: bool) -> Proof:
        draft = self.draft
        moved = {k for k in range(len(draft.problem.movements)) if is_moved(draft, k)}
        if moved <= self.impossible and all(k in draft.placed for k in moved):
            return "only-broken-moved"
        return "neighbourhood-optimal" if optimal else "none"
