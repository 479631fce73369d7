"""A browser, a service, and pages that fail a test on any error or foreign request."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from api.routes.pages import STATIC
from tests.console import browser as chromium
from tests.console.seats import Seat
from tests.console.stage import Stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser; keep it out of parallel runs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.console)


@pytest.fixture(scope="session")
def console_built() -> None:
    assert (STATIC / "index.html").is_file(), "build the console first: make setup"


@pytest.fixture(scope="session")
def browser(console_built) -> Iterator[Browser]:
    try:
        program = chromium.executable()
    except chromium.NoChromium as none:
        if shutil.which("npm") is None:
            pytest.skip(str(none))
        raise
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program, args=chromium.ARGUMENTS, env=chromium.environment(program)
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A service with the day of two companies, planned."""
    begun = Stage(tmp_path_factory.mktemp("stage"))
    begun.declare_all()
    yield begun
    begun.stop()


@pytest.fixture
def seat(browser: Browser, stage: Stage) -> Iterator[Callable[..., Seat]]:
    """Open a page of one's own; what went wrong on any of them fails the test at its end."""
    opened: list[Seat] = []

    def open_seat(**options: Any) -> Seat:
        opened.append(Seat(browser, stage.url, sessions=stage.session, **options))
        return opened[-1]

    yield open_seat
    wrong = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.close()
    assert wrong == []


@pytest.fixture
def page(seat: Callable[..., Seat]) -> Page:
    return seat().page
