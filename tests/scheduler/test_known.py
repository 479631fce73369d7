"""The best known values of the bench only ever improve."""

from dataclasses import replace

from tests.bench.harbour import harbour
from tests.bench.known import Known


def test_only_what_is_better_is_kept(tmp_path):
    problem = harbour(10, 1)
    known = Known.read(tmp_path / "known.json")
    known.better("a", problem, total=900, bound=100)
    known.better("a", problem, total=950, bound=90)
    known.better("a", problem, total=None, bound=None)
    known.write()
    again = Known.read(tmp_path / "known.json")
    assert again.rows["a"]["total"] == again.total("a") == 900
    assert again.rows["a"]["bound"] == 100
    again.better("a", problem, total=800, bound=120)
    assert (again.rows["a"]["total"], again.rows["a"]["bound"]) == (800, 120)


def test_values_of_another_instance_do_not_count(tmp_path):
    problem = harbour(10, 1)
    known = Known({}, tmp_path / "known.json")
    known.better("a", problem, total=100, bound=50)
    known.better("a", replace(problem, horizon=problem.horizon + 1), total=900, bound=10)
    assert (known.rows["a"]["total"], known.rows["a"]["bound"]) == (900, 10)
