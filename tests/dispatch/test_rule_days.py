"""Rules that begin or end at a midnight inside the horizon."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dispatch.agenda import RULES_CHANGED, Agenda
from dispatch.framing import frame
from dispatch.framing.rule_days import rule_changes
from dispatch.movement import MovementState
from dispatch.policy import Policy
from dispatch.port import Decision, Port, RuleKind
from dispatch.provenance import Bilingual
from scheduler.outcome import Outcome, Placement
from tests.dispatch.framing_samples import NOW, PORT, asked, at, movement, only, situation
from tests.dispatch.test_framing_states import planned

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
MIDNIGHT_MIN = 16 * 60
"""From eight in the morning to the port's midnight."""


def with_rule(name: str, **changes) -> Port:
    return replace(PORT, rules={**PORT.rules, name: replace(PORT.rules[name], **changes)})


def all_by_day(**term) -> Port:
    """A port where every container ship moves in daylight only, in a term."""
    values = {**PORT.rules["R-DAY-1"].values, "vessel_types": ("container",)}
    return with_rule("R-DAY-1", values=values, **term)


def framed_in(port: Port, *movements, **more):
    return frame(situation(*movements), port, Policy(), **more)


def test_a_movement_keeps_to_the_rules_of_the_day_it_is_asked_or_told_for():
    port = all_by_day(effective_from=TOMORROW)
    before, after = MIDNIGHT_MIN - 600, MIDNIGHT_MIN + 30
    for start_min, by_day in ((before, False), (after, True)):
        entry = movement(1, asked(start_min=start_min))
        assert only(framed_in(port, entry)).daylight_only is by_day
        assert only(framed_in(port, replace(entry, estimated_at=at(after)))).daylight_only
        assert only(framed_in(port, planned(start_min))).daylight_only is by_day
    ends = all_by_day(effective_to=TODAY)
    assert only(framed_in(ends, movement(1, asked(start_min=before)))).daylight_only
    assert not only(framed_in(ends, movement(1, asked(start_min=after)))).daylight_only


def test_one_that_is_under_way_over_midnight_keeps_to_the_rules_it_began_with():
    sailed = {leg.segment for leg in only(framed_in(PORT, movement(1, asked()))).modes[0].legs}
    limit = next(
        rule
        for rule in PORT.rules.values()
        if rule.kind is RuleKind.SPEED_LIMIT and sailed & set(rule.names("segments"))
    )
    slower = with_rule(
        limit.rule_id, effective_from=TOMORROW, values={**limit.values, "speed_kn": 2.0}
    )
    none = replace(PORT, rules={k: v for k, v in PORT.rules.items() if k != limit.rule_id})
    start_min = MIDNIGHT_MIN - 30
    begun = planned(start_min, state=MovementState.UNDER_WAY, actual_start_at=at(start_min))
    for now_min in (MIDNIGHT_MIN - 10, MIDNIGHT_MIN + 10):
        read = replace(situation(begun), now=at(now_min))
        ends = [only(frame(read, port, Policy())).modes[0].end_at for port in (slower, none)]
        assert ends[0] == ends[1]
    asked_later = movement(1, asked(start_min=MIDNIGHT_MIN + 30))
    ends = [only(framed_in(port, asked_later)).modes[0].end_at for port in (slower, none)]
    assert ends[0] > ends[1]


def test_what_cannot_be_told_apart_by_movement_keeps_to_the_strictest_day():
    named = PORT.rules["R-OVT"].names("segments")[0]
    word = Bilingual("港口", "the port")
    decided = Decision(
        rule_id="R-OVT", apply=True, from_day=TOMORROW, to_day=TOMORROW, decided_by=word,
        reason=word,
    )  # fmt: skip
    port = with_rule("R-OVT", decisions=(decided,))
    entry = movement(1, asked())

    def may_overtake(now: datetime) -> bool:
        read = replace(situation(entry), now=now)
        segments = {item.id: item for item in frame(read, port, Policy()).problem.segments}
        return segments[named].overtaking

    assert may_overtake(NOW - timedelta(days=2))
    assert not may_overtake(NOW - timedelta(days=1))
    assert not may_overtake(NOW)
    assert may_overtake(NOW + timedelta(days=1, hours=16))


def test_who_is_placed_on_a_day_with_other_rules_is_framed_again_with_both():
    port = all_by_day(effective_from=TOMORROW)
    late = movement(1, asked(start_min=MIDNIGHT_MIN - 20))
    found = framed_in(port, late)
    mode = only(found).modes[0].id

    def placed(start: int) -> Outcome:
        one = Placement(movement="M1", mode=mode, start=start)
        return Outcome(status="feasible", placements=(one,))

    assert found.under_other_rules(placed(MIDNIGHT_MIN - 500)) == {}
    # the passage goes on after midnight
    other = found.under_other_rules(placed(MIDNIGHT_MIN - 5))
    assert other == {"M1": {TODAY, TOMORROW}}
    assert found.under_other_rules(placed(MIDNIGHT_MIN + 5)) == other
    again = framed_in(port, late, ruled=other)
    assert only(again).daylight_only
    assert again.under_other_rules(placed(MIDNIGHT_MIN + 5)) == {}
    assert framed_in(PORT, late).under_other_rules(placed(MIDNIGHT_MIN + 5)) == {}


def test_planning_wakes_at_the_midnight_at_which_the_rules_change_and_at_no_other():
    port = all_by_day(effective_from=TOMORROW, effective_to=TOMORROW)
    midnights = [datetime(2026, 11, day, 16, tzinfo=UTC) for day in (24, 25)]
    assert list(rule_changes(port, NOW, 2)) == midnights
    assert list(rule_changes(PORT, NOW, 2)) == []
    agenda = Agenda(Policy(), port)
    agenda.note(situation())
    assert agenda.next_at == midnights[0]
    changed = replace(situation(), now=midnights[0])
    assert agenda.look(changed) == ((), {RULES_CHANGED})
    assert agenda.next_at == midnights[1]
    assert agenda.look(changed) == ((), frozenset())
