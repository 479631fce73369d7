"""What falls due without any fact: told once, and only while it is so."""

from dataclasses import replace

from dispatch.agenda import IN_SIGHT, Agenda
from dispatch.movement import MovementState
from dispatch.policy import Policy
from tests.dispatch.framing_samples import PORT, asked, at, movement, situation
from tests.dispatch.test_framing_states import planned


def test_a_start_that_passes_without_a_report_is_told_once():
    agenda = Agenda(Policy(), PORT)
    read = situation(planned(10))
    agenda.note(read)
    assert agenda.next_at == at(25)
    assert not agenda.is_due(at(24))
    late = replace(read, now=at(25))
    assert agenda.is_due(late.now)
    assert agenda.look(late) == (("M1",), frozenset())
    assert agenda.look(late) == ((), frozenset())
    assert agenda.next_at is None


def test_one_that_has_begun_meanwhile_is_not_told():
    agenda = Agenda(Policy(), PORT)
    agenda.note(situation(planned(10)))
    begun = planned(10, state=MovementState.UNDER_WAY, actual_start_at=at(12))
    assert agenda.look(situation(begun, now=at(25))) == ((), frozenset())


def test_one_that_was_planned_anew_is_told_again():
    agenda = Agenda(Policy(), PORT)
    agenda.look(situation(planned(10), now=at(25)))
    assert agenda.look(situation(planned(30), now=at(45))) == (("M1",), frozenset())


def test_a_movement_comes_into_sight_when_the_horizon_reaches_it():
    agenda = Agenda(Policy(), PORT)
    far = situation(movement(1, asked(start_min=3000)))
    agenda.note(far)
    assert agenda.next_at == at(3000 - 48 * 60)
    assert agenda.look(replace(far, now=at(120))) == ((), {IN_SIGHT})
    assert agenda.next_at is None
