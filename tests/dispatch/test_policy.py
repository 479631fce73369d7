"""The policy file: documented names, checked values, defaults that are those of the code."""

import json

import pytest

from dispatch.policy import DEFAULT_POLICY, Policy, PolicyInvalid, load_policy, read_policy


def test_the_file_that_ships_is_the_default():
    assert load_policy() == Policy()


def test_what_is_left_out_keeps_its_default():
    policy = read_policy({"freeze_min": 30, "publish": {"mode": "ask"}})
    assert policy.freeze_min == 30
    assert policy.publish.mode == "ask"
    assert policy.publish.ask_moved == Policy().publish.ask_moved
    assert policy.horizon_h == Policy().horizon_h


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"freeze_minutes": 30}, "freeze_minutes"),
        ({"freeze_min": -1}, "freeze_min"),
        ({"freeze_min": 1.5}, "freeze_min"),
        ({"freeze_min": True}, "freeze_min"),
        ({"horizon_h": 0}, "horizon_h"),
        ({"publish": {"mode": "never"}}, "publish.mode"),
        ({"publish": []}, "publish"),
        ({"improving": {"on": 1}}, "improving.on"),
        ({"late_weight": {"1": 8, "2": 3}}, "late_weight"),
        ({"unplaced_cost": {"1": 8, "2": 3, "3": -1}}, "unplaced_cost.3"),
        ({"tolerance_min": {"pilotage": 15}}, "tolerance_min"),
    ],
)
def test_a_fault_names_its_place(content, where):
    with pytest.raises(PolicyInvalid) as refused:
        read_policy(content)
    assert refused.value.where == where


def test_a_file_that_is_no_object_is_refused(tmp_path):
    for text in ("[]", "{"):
        path = tmp_path / "policy.json"
        path.write_text(text)
        with pytest.raises(PolicyInvalid):
            load_policy(path)


def test_every_name_is_in_the_documentation():
    text = (DEFAULT_POLICY.parent.parent / "docs" / "policy.md").read_text(encoding="utf-8")
    content = json.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    names = [*content, *content["publish"], *content["improving"]]
    assert [name for name in names if f"`{name}`" not in text] == []
