"""Every page in every theme and size: accessible, inside its frame, large enough to touch."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.console.seats import DESK, LAPTOP, PHONE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def judge(page) -> list[str]:
    """What axe finds, one line for each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def opened(seat, account, **options):
    one = seat(**options)
    if account is None:
        one.page.goto(one.url)
        expect(one.page.locator("form")).to_be_visible()
        return one
    one.on_board(account)
    expect(one.page.locator("tbody tr, .card").first).to_be_visible()
    return one


@pytest.mark.parametrize(
    ("account", "theme"),
    [
        (None, "night"), ("PORT", "day"), ("PORT", "dusk"), ("PORT", "night"),
        ("MSA", "night"), ("PILOT", "day"), ("TUG-A", "night"), ("CO-RO", "day"),
    ],
)  # fmt: skip
def test_pages_are_accessible_in_every_theme(seat, account, theme):
    one = opened(seat, account, theme=theme)
    assert judge(one.page) == []
    if account:
        one.page.locator("tbody tr").nth(3).locator("th").click()
        expect(one.page.locator("aside")).to_be_visible()
        assert judge(one.page) == []


def test_every_tab_of_the_dispatch_centre_is_accessible(seat):
    one = opened(seat, "PORT", theme="night")
    for number in range(1, 7):
        one.page.locator("nav button").nth(number).click()
        assert judge(one.page) == []


def test_dialogs_are_accessible(seat):
    one = opened(seat, "PILOT", theme="night")
    one.page.locator("[data-verb=decline]").first.click()
    expect(one.page.locator("dialog")).to_be_visible()
    assert judge(one.page) == []


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE], ids=["desk", "laptop", "phone"])
def test_nothing_hangs_over_the_edge(seat, size):
    # English words are the longer ones
    for account in ("PORT", "TUG-A", "CO-RO"):
        one = opened(seat, account, size=size, lang="en")
        wide = one.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, account


@pytest.mark.parametrize("account", ["PORT", "MSA", "PILOT", "CO-RO"])
def test_a_phones_buttons_are_large_enough(seat, account):
    one = opened(seat, account, size=PHONE)
    if account == "PORT":
        one.page.locator(".card .open").first.click()
        expect(one.page.locator("aside")).to_be_visible()
    small = one.page.evaluate(
        """[...document.querySelectorAll('button, select, input')]
            .filter(item => item.checkVisibility() && !item.classList.contains('hidden'))
            .map(item => [item.textContent, item.getBoundingClientRect().height])
            .filter(([, height]) => height < 43.5)"""
    )
    assert small == []
