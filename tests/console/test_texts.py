"""Whatever the service can say has words in both languages."""

import gzip
import json
import re
from pathlib import Path

import pytest

from api.problems import codes
from api.routes.pages import STATIC
from dispatch.events import FactKind
from dispatch.framing.answers import DEFERRED_RULES
from dispatch.lifecycle import Party
from dispatch.movement import Approval, EventKind, MovementState, ServiceKind
from dispatch.vessel import VesselType

ROOT = Path(__file__).parents[2]
TEXTS = {
    language: json.loads((ROOT / f"api/i18n/{language}.json").read_text(encoding="utf-8"))
    for language in ("zh", "en")
}
NOT_RULES = {"__init__", "teams"}


def rules() -> set[str]:
    written = {path.stem for path in (ROOT / "scheduler/rules").glob("*.py")} - NOT_RULES
    return written | set(DEFERRED_RULES.values())


def fault_codes() -> set[str]:
    """Codes that intake and judging write, as they stand in their sources."""
    sources = [*ROOT.glob("dispatch/intake*.py"), ROOT / "dispatch/judging.py"]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    spelled = re.findall(r'(?:Unreadable|_file_fault|_out_of_order)\(\s*"([a-z-]+)"', text)
    return {*re.findall(r'\bcode="([a-z-]+)"', text), *spelled}


WANTED = {
    "error": set(codes()),
    "cause": {kind.value for kind in FactKind},
    "event": {kind.value for kind in EventKind},
    "state": {state.value for state in MovementState},
    "approval": {answer.value for answer in Approval},
    "service": {kind.value for kind in ServiceKind},
    "party": {party.value for party in Party},
    "vessel_type": {kind.value for kind in VesselType},
    "rule": rules(),
    "reason": rules(),
    "fault": fault_codes(),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("prefix", WANTED)
def test_every_code_has_words(prefix, language):
    assert WANTED[prefix]
    missing = {code for code in WANTED[prefix] if not TEXTS[language].get(f"{prefix}.{code}")}
    assert missing == set()


def test_the_page_is_small(console_built):
    """Under 150 KB compressed without its fonts, and nothing in it points elsewhere."""
    files = [path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".html", ".svg"}]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 150_000
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert "http" not in page
