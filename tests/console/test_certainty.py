"""How certain planned times are, as the boards show it: asked for on demand, with its age told."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.console.seats import PHONE
from tests.console.test_pages import judge

PATH = "**/v1/plan/certainty"
AGAIN_MS = 30_000
"""Within this a board has asked anew."""


def counted(one) -> list[str]:
    """The questions that a page asks, as they are asked."""
    asked: list[str] = []
    one.page.on(
        "request", lambda request: "/plan/certainty" in request.url and asked.append(request.url)
    )
    return asked


def weigh(one):
    one.page.locator(".toolbar button[aria-pressed]").click()
    expect(one.page.locator(".chance:has-text('%'), .certainty").first).to_be_visible(
        timeout=AGAIN_MS
    )


def told(stage):
    with stage.running.as_("PORT") as client:
        return client.get("/v1/plan/certainty").json()


def shown_percents(one) -> list[int]:
    texts = one.page.locator("td.chance span:not(.hidden)").all_inner_texts()
    return [int(text.strip("%")) for text in texts if text.endswith("%")]


def test_the_least_certain_and_the_keystones_are_found_in_the_list_and_in_the_details(seat, stage):
    port = seat(lang="en").on_board("PORT")
    asked = counted(port)
    expect(port.page.locator("tbody tr").first).to_be_visible()
    assert asked == []
    weigh(port)
    percents = shown_percents(port)
    assert len(percents) > 20
    assert percents == sorted(percents)
    # what it means is there to be read, not under the list
    port.page.locator(".note p").first.click(trial=True, timeout=2_000)
    # the other column, worst first: its first row is the first keystone
    port.page.locator("thead th.chance button").nth(1).click()
    answer = told(stage)
    first = port.page.locator("tbody tr").first
    expect(first).to_have_attribute("data-id", answer["keystones"][0])
    expect(first.locator("td.chance").nth(1)).to_contain_text("◆")
    # the keyboard opens its details, which say the same without another question
    first.focus()
    port.page.keyboard.press("Enter")
    section = port.page.get_by_role("region", name="Certainty")
    chance = next(
        one for one in answer["movements"] if one["movement_id"] == answer["keystones"][0]
    )
    expect(section).to_contain_text(f"nine in ten within {round(chance['late_min'])} min")
    expect(section).to_contain_text(f"each minute late costs others {chance['caused_min']:g} min")
    expect(section).to_contain_text("at most 15 min after its planned time")
    expect(section).to_contain_text("as if nobody mended the plan")
    assert len(asked) == 1
    # put away, the list is as it was
    port.page.locator(".toolbar button[aria-pressed]").click()
    expect(port.page.locator("thead th.chance")).to_have_count(0)


def test_figures_of_an_older_plan_are_told_as_such_and_asked_for_anew(seat, stage):
    port = seat(lang="en").on_board("PORT")
    asked = counted(port)
    weigh(port)
    late = port.page.locator("tbody tr").nth(2).get_attribute("data-id")
    port.page.locator(f"tr[data-id={late}] th").click()
    older = port.page.locator("aside [data-certainty]")
    expect(older).to_have_count(0)
    version = stage.publish({late: timedelta(minutes=40)})
    expect(older).to_have_attribute("data-certainty", "outdated")
    expect(port.page.locator(".note")).to_contain_text(f"{version} is in force")
    expect(older).to_have_count(0, timeout=AGAIN_MS)
    assert len(asked) == 2
    assert told(stage)["plan_version"] == version


def test_a_question_that_is_not_answered_is_told_and_asked_again_by_hand(seat):
    one = seat(lang="zh", expected=("503",)).on_board("MSA")
    one.page.route(PATH, lambda route: route.fulfill(status=503, json={"code": "overloaded"}))
    one.page.locator("tbody tr").first.locator("th").click()
    section = one.page.get_by_role("region", name="可靠度")
    expect(section.get_by_role("alert")).to_contain_text("暂时无法得知可靠度")
    one.page.unroute(PATH)
    section.get_by_role("button").click()
    expect(section).to_contain_text("能按时")
    expect(section.get_by_role("alert")).to_have_count(0)


def test_a_company_reads_it_of_its_own_ships_and_a_pilot_not_at_all(seat):
    company = seat(lang="en").on_board("CO-RO")
    expect(company.page.locator("tbody tr").first).to_be_visible()
    assert company.page.locator(".toolbar button[aria-pressed]").count() == 0
    company.page.locator("tbody tr").first.locator("th").click()
    section = company.page.get_by_role("region", name="Certainty")
    expect(section).to_contain_text("nine in ten within")
    pilot = seat(lang="en").on_board("PILOT").tab("Movements")
    asked = counted(pilot)
    pilot.page.locator("tbody tr").first.locator("th").click()
    expect(pilot.page.locator("aside h2")).to_be_visible()
    assert pilot.page.get_by_role("region", name="Certainty").count() == 0
    assert asked == []


@pytest.mark.parametrize("theme", ["day", "night"])
def test_it_is_accessible(seat, theme):
    one = seat(theme=theme).on_board("PORT")
    weigh(one)
    one.page.locator("tbody tr").first.locator("th").click()
    expect(one.page.get_by_role("region", name="可靠度")).to_contain_text("九成")
    assert judge(one.page) == []


def test_a_phone_has_the_least_certain_first_too(seat, stage):
    one = seat(size=PHONE, lang="en").on_board("PORT")
    weigh(one)
    cards = one.page.locator(".card")
    least = min(told(stage)["movements"], key=lambda chance: chance["holds"])
    expect(cards.first.locator(".certainty")).to_contain_text(
        f"Holds {round(100 * least['holds'])}%"
    )
    button = one.page.locator(".toolbar button[aria-pressed]").bounding_box()
    assert button["height"] >= 43.5
    assert one.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
