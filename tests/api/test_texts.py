import ast
import re
from pathlib import Path

import pytest

import api.app
import dispatch
import scheduler
from api.routes.pages import texts

DISPATCH = Path(dispatch.__file__).parent
SCHEDULER = Path(scheduler.__file__).parent
MAKERS = {
    DISPATCH: {
        "Fault": 0,
        "_file_fault": 0,
        "_out_of_order": 0,
        "Unreadable": 0,
        "word": 2,
        "LocalTimeInvalid": 0,
    },
    SCHEDULER: {"Fault": 1},
}
"""What makes faults, or what they are made of, and the place of the code among its arguments."""


def calls_of(folder):
    """Every call of a plain name; faults in a port's data have texts of their own."""
    for path in folder.rglob("*.py"):
        if not path.is_relative_to(DISPATCH / "port"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield path, node, node.func.id


def fault_codes():
    """Every code that reading or judging a declaration or a problem gives."""
    found = set()
    for folder, makers in MAKERS.items():
        for path, node, name in calls_of(folder):
            if name not in makers:
                continue
            named = {item.arg: item.value for item in node.keywords}
            code = named["code"] if "code" in named else node.args[makers[name]]
            if isinstance(code, ast.Constant):
                found.add(str(code.value).replace("_", "-"))
            else:
                # handed on from where it is written out
                told = ast.unparse(code)
                assert told == "code" or ".code" in told, (path.name, told)
    return found


def test_there_are_fault_codes():
    assert {"out-of-range", "imo-invalid", "file-empty", "circle"} <= fault_codes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_has_a_text(language):
    assert sorted(code for code in fault_codes() if f"fault.{code}" not in texts(language)) == []


def test_both_languages_have_the_same_keys_and_parameters():
    zh, en = texts("zh"), texts("en")
    assert set(zh) == set(en)
    parameter = re.compile(r"\{(\w+)\}")
    # a text may name a thing in its own language: {zh} there, {en} here
    own = {"zh", "en"}
    differing = [
        key
        for key in zh
        if set(parameter.findall(zh[key])) - own != set(parameter.findall(en[key])) - own
    ]
    assert differing == []
    assert api.app
