"""Who is done first: in order, but for the planner while the others are held."""

import threading
import time

import pytest

from dispatch.store.waiting_line import LineFull, WaitingLine


def a_line(*items: str, limit: int = 10) -> WaitingLine[str]:
    line = WaitingLine[str](limit, lambda item: item.startswith("P"))
    for item in items:
        line.put(item)
    return line


def test_all_come_in_order_and_together_as_far_as_they_may() -> None:
    line = a_line("a", "P", "b", "c")
    assert line.take(3) == (["a", "P", "b"], False)
    line.close()
    assert line.take(3) == (["c"], True)
    assert line.take(3) == ([], True)


def test_one_too_many_is_refused() -> None:
    line = a_line("a", limit=1)
    with pytest.raises(LineFull):
        line.put("b")
    assert len(line) == 1


def test_who_is_held_does_not_keep_out_the_planner_that_they_wait_for() -> None:
    line = a_line("a", "b", limit=2)
    line.hold(60)
    line.put("P")
    assert line.take(5) == (["P"], False)
    assert line.take(5) == (["a", "b"], False)


def test_while_they_are_held_only_the_planner_passes_and_then_all_go_on() -> None:
    line = a_line("a", "b")
    line.hold(60)
    threading.Timer(0.05, line.put, ("P",)).start()
    assert line.take(5) == (["P"], False)
    assert line.take(5) == (["a", "b"], False)


def test_nobody_is_held_longer_than_that() -> None:
    line = a_line("a")
    line.hold(0.2)
    begun_s = time.monotonic()
    assert line.take(5) == (["a"], False)
    assert 0.15 < time.monotonic() - begun_s < 10


@pytest.mark.parametrize("ends", [lambda line: line.hold(0.0), lambda line: line.close()])
def test_letting_them_go_or_closing_ends_it_at_once(ends) -> None:
    line = a_line("a")
    line.hold(60)
    threading.Timer(0.05, ends, (line,)).start()
    begun_s = time.monotonic()
    assert line.take(5)[0] == ["a"]
    assert time.monotonic() - begun_s < 30
