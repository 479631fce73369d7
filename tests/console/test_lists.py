"""What lists show: no empty columns, berths in full, ships and not numbers, states in words."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.console.seats import DESK, LAPTOP, PHONE
from tests.console.stage import DAY

SIZES = pytest.mark.parametrize("size", [DESK, LAPTOP], ids=["desk", "laptop"])


def columns(page) -> list[str]:
    return page.locator("thead th").all_inner_texts()


@pytest.mark.parametrize(
    ("account", "sets"), [("CO-RO", False), ("TUG-A", False), ("PILOT", False), ("MSA", True)]
)
def test_only_who_may_set_a_restriction_has_columns_for_it(seat, stage, account, sets):
    with stage.running.as_("PORT") as client:
        body = {"kind": "wind", "value": 20, "reason": "大风", "from_at": iso(stage)}
        answer = client.post("/v1/restrictions", json=body)
        assert answer.is_success, answer.text
        try:
            one = seat(lang="en").on_board(account).tab("Restrictions")
            expect(one.page.locator("tr[data-restriction]").first).to_be_visible()
            told = columns(one.page)
            assert ("Set by" in told) == sets
            assert ("Actions" in told) == sets
        finally:
            client.delete(f"/v1/restrictions/{answer.json()['result']['id']}")


def iso(stage) -> str:
    return stage.clock.now().isoformat()


def test_a_tug_company_answers_from_its_movements_one_tug_after_the_other(seat):
    tugs = seat(lang="en").on_board("TUG-A").tab("Movements")
    rows = tugs.page.locator("tbody tr").filter(has=tugs.page.locator("[data-verb=confirm]"))
    line = tugs.page.locator(f"tr[data-id={rows.first.get_attribute('data-id')}]")
    first = line.locator(".of").inner_text()
    expect(line.locator("[data-verb=decline]")).to_be_visible()
    line.locator("[data-verb=confirm]").click()
    expect(line.locator(".of")).not_to_have_text(first)
    line.locator("[data-verb=confirm]").click()
    expect(line.locator("[data-verb=confirm]")).to_have_count(0)
    expect(line).to_contain_text("2/2")


def test_details_close_with_their_page_and_stay_where_their_movement_is(seat):
    port = seat(lang="en").on_board("PORT")
    port.page.locator("tbody tr").nth(2).locator("th").click()
    ship = port.page.locator("aside h2").inner_text()
    port.tab("Pilotage jobs")
    expect(port.page.locator("aside h2")).to_have_text(ship)
    expect(port.page.locator("tr.chosen")).to_be_visible()
    port.tab("Restrictions")
    expect(port.page.locator("aside")).to_have_count(0)
    port.tab("Movements")
    expect(port.page.locator("aside")).to_have_count(0)


@SIZES
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_berths_are_told_in_full_or_cut_before_their_number(seat, size, lang):
    for account in ("PORT", "TUG-A"):
        one = seat(size=size, lang=lang).on_board(account)
        expect(one.page.locator("td.route").first).to_be_visible()
        numbers = one.page.locator("td.route .number")
        assert numbers.count() > 10
        beyond = one.page.evaluate(
            """[...document.querySelectorAll('td.route .number')].filter(number => {
                const cell = number.closest('td').getBoundingClientRect();
                return number.getBoundingClientRect().right > cell.right + 0.5;
            }).map(number => number.closest('td').textContent)"""
        )
        assert beyond == []
        wide = one.page.evaluate(
            "document.querySelector('.scroll').scrollWidth"
            " - document.querySelector('.scroll').clientWidth"
        )
        assert wide <= 0, account
        if size == DESK:
            cut = one.page.evaluate(
                """[...document.querySelectorAll('td.route .text')]
                    .filter(text => text.scrollWidth > text.clientWidth)
                    .map(text => text.textContent)"""
            )
            assert cut == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_declaration_names_its_ships_and_calls(seat, stage, size):
    company = seat(size=size, lang="en").on_board("CO-RO").tab("Declarations")
    row = company.page.locator("tr[data-declaration]").first
    button = row.locator("button[aria-expanded]")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    movement = next(
        row
        for row in stage.running.service.hub.entities["movement"].values()
        if row["company"] == "CO-RO"
    )
    line = company.page.locator(f"li[data-movement={movement['id']}]")
    expect(line).to_contain_text(movement["vessel"]["name"])
    expect(line).to_contain_text({"entry": "Entry", "exit": "Exit"}[movement["kind"]])
    expect(line.locator(".call")).to_have_text(re.compile(r"\w+"))
    assert not re.search(r"\bM\d+\b", row.inner_text())
    line.locator("button").click()
    expect(company.page.locator("aside h2")).to_contain_text(movement["vessel"]["name"])


def test_an_upload_tells_what_it_does_and_what_became_of_it(seat, stage):
    company = seat(lang="en").on_board("CO-NSG").tab("Declarations")
    expect(company.page.locator(".empty")).to_contain_text("Declare by uploading a spreadsheet.")
    company.page.route("**/declarations/import", lambda route: (later(company), route.continue_()))
    company.page.locator("input[type=file]").set_input_files(DAY.spreadsheets["CO-NSG"])
    expect(company.page.locator("progress")).to_be_visible()
    expect(company.page.locator(".said")).to_contain_text("Reading and checking CO-NSG.xlsx")
    expect(company.page.get_by_role("button", name="Checking")).to_be_disabled()
    expect(company.page.locator(".said")).to_contain_text("Accepted as", timeout=15_000)
    told = company.page.locator(".progress")
    expect(told).to_contain_text(re.compile(r"^\s*0 of \d+ movements have a planned time"))
    stage.publish()
    expect(told).to_contain_text(re.compile(r"([1-9]\d*) of \1 movements"))


def later(seat) -> None:
    seat.page.wait_for_timeout(700)


@pytest.mark.parametrize(
    ("lang", "loading", "offline", "stale"),
    [
        ("zh", "正在载入", "连不上服务", "可能已过时"),
        ("en", "Loading", "not reached", "out of date"),
    ],
)
def test_a_board_that_has_not_come_says_why(seat, stage, lang, loading, offline, stale):
    one = seat(lang=lang, expected=("WebSocket", "ERR_"))
    held = []

    def hold(line) -> None:
        held.append(line)

    one.page.route_web_socket("**/v1/live", hold)
    one.page.add_init_script(session_of(stage))
    one.page.goto(one.url)
    expect(one.page.locator(".empty")).to_contain_text(loading)
    assert held
    held[0].close()
    expect(one.page.locator(".empty")).to_contain_text(offline, timeout=10_000)
    expect(one.page.locator(".empty")).not_to_contain_text(loading)
    other = seat(lang=lang, expected=("WebSocket", "ERR_")).on_board("MSA")
    other.context.set_offline(True)
    expect(other.page.locator(".old")).to_contain_text(stale, timeout=15_000)
    expect(other.page.locator("[data-line=stale], [data-line=reconnecting]")).to_contain_text(
        re.compile(r"\d+ (秒|s)")
    )


def session_of(stage) -> str:
    kept = json.dumps(json.dumps(stage.session("PORT")))
    return f"sessionStorage.setItem('fairway.session', {kept})"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_that_is_empty_says_so(seat, stage, lang):
    empty = seat(lang=lang).on_board("CO-HP")
    for number in range(3):
        empty.page.locator("nav button").nth(number).click()
        words = empty.page.locator(".empty p")
        expect(words).to_have_count(2)
        chinese = [bool(re.search("[\u4e00-\u9fff]", text)) for text in words.all_inner_texts()]
        assert chinese == [lang == "zh"] * 2
    port = seat(lang=lang).on_board("PORT")
    port.page.locator("nav button").nth(6).click()
    expect(port.page.locator(".empty p")).to_have_count(2)
    port.page.locator("nav button").first.click()
    port.page.locator("input[type=search]").fill("no such ship")
    port.page.locator(".empty button").click()
    expect(port.page.locator("tbody tr").first).to_be_visible()
