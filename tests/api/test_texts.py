import re
from pathlib import Path

import pytest

import api.app
import dispatch
from api.routes.pages import texts

DISPATCH = Path(dispatch.__file__).parent
FAULT_CODE = re.compile(r'(?:Fault\(\s*code=|_file_fault\()"([a-z-]+)"')


def fault_codes():
    """Every code that reading or judging a declaration gives."""
    files = [*DISPATCH.glob("intake*.py"), DISPATCH / "judging.py"]
    return {code for path in files for code in FAULT_CODE.findall(path.read_text("utf-8"))}


def test_there_are_fault_codes():
    assert len(fault_codes()) > 20


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
