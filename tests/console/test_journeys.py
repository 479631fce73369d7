"""What people do with the console, against a real service, in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.api.serving import PASSWORD
from tests.console.seats import PHONE
from tests.console.stage import DAY

HEADERS = (
    "航次号,动态类别,船名,IMO,船旗,船舶类型,总长,型宽,总吨,载重吨,水面以上高度,泊位,"
    "申请时间,最晚时间,吃水"
)
FAULTY = f"""{HEADERS}
A1,进港,ONE,9321484,CN,集装箱船,190,30,30000,40000,40,NS1-1,2026-11-24 09:00,2026-11-24 18:00,9
A2,进港,TWO,9321483,CN,集装箱船,abc,30,30000,40000,40,NS1-99,2026-11-24 09:00,明天,9
"""


def row(seat, movement_id):
    return seat.page.locator(f"tr[data-id={movement_id}]").first


def a_service(stage, kind, **wanted):
    """The first job of a kind whose row has these values."""
    rows = stage.running.service.hub.entities["service"].values()
    ordered = sorted(rows, key=lambda item: item["planned_start_at"])
    return next(
        item
        for item in ordered
        if item["kind"] == kind and all(item[name] == value for name, value in wanted.items())
    )


@pytest.mark.parametrize(
    ("account", "first_tab"),
    [
        ("PORT", "船舶动态"),
        ("MSA", "船舶动态"),
        ("PILOT", "引航任务"),
        ("TUG-A", "拖轮任务"),
        ("CO-RO", "船舶动态"),
    ],
)
def test_every_party_signs_in_and_sees_its_own_board(seat, account, first_tab):
    one = seat().sign_in(account)
    expect(one.page.locator("[data-line=live]")).to_be_visible(timeout=15_000)
    expect(one.page.locator("nav [aria-current=page]")).to_have_text(first_tab)
    expect(one.page.locator("tbody tr").first).to_be_visible()
    expect(one.page.get_by_text("不得用于航行").first).to_be_visible()
    expect(one.page.locator(".plan")).to_contain_text("计划第")


def test_a_wrong_password_is_told_and_an_empty_session_asks_to_sign_in(seat):
    one = seat(expected=("401",)).sign_in("PORT", "wrong password!")
    expect(one.page.locator("[role=alert]")).to_have_text("账号或密码不对。")
    one.page.locator("[name=password]").fill(PASSWORD)
    one.page.locator("form button.main").click()
    expect(one.page.locator("[data-line=live]")).to_be_visible()
    one.page.get_by_role("button", name="退出").click()
    expect(one.page.locator("[role=status]").first).to_have_text("已退出。")


def test_a_session_that_was_ended_elsewhere_asks_to_sign_in_again(seat, stage):
    one = seat(expected=("401",)).sign_in("CO-PC")
    expect(one.page.locator("[data-line=live]")).to_be_visible()
    token = one.page.evaluate("JSON.parse(sessionStorage.getItem('fairway.session')).token")
    with stage.running.as_("CO-PC") as client:
        client.delete("/v1/sessions/current", headers={"Authorization": f"Bearer {token}"})
    expect(one.page.locator("[role=status]").first).to_have_text(
        "登录已失效，请重新登录。", timeout=20_000
    )


def test_times_are_the_ports_and_not_the_browsers(seat, stage):
    movement = min(
        (m for m in stage.running.service.hub.entities["movement"].values() if m["planned"]),
        key=lambda m: m["planned"]["start_at"],
    )
    one = seat().on_board("PORT")
    hour = (int(movement["planned"]["start_at"][11:13]) + 8) % 24
    expect(row(one, movement["id"]).locator(".planned")).to_have_text(
        f"{hour:02d}:{movement['planned']['start_at'][14:16]}"
    )


def test_a_confirmed_job_shows_on_every_board_that_may_see_it(seat, stage):
    job = a_service(stage, "pilotage", status="requested", reconfirm=False)
    pilots, port = seat().on_board("PILOT"), seat().on_board("PORT")
    accepted = row(port, job["movement_id"])
    expect(accepted).to_contain_text("0/3")
    line = pilots.page.locator(f"tr[data-service={job['id']}]")
    line.locator("[data-verb=confirm]").click()
    expect(line).to_contain_text("已确认")
    expect(accepted).to_contain_text("1/3")


def test_declining_asks_for_a_reason(seat, stage):
    job = a_service(stage, "towage", status="requested")
    tugs = seat().on_board("TUG-A")
    line = tugs.page.locator(f"tr[data-service={job['id']}]")
    line.locator("[data-verb=decline]").click()
    dialog = tugs.page.locator("dialog")
    dialog.locator("button.main").click()
    expect(dialog.locator("[role=alert]")).to_contain_text("必填")
    dialog.locator("[data-choice=defect]").click()
    dialog.locator("button.main").click()
    expect(dialog).to_have_count(0)
    expect(line).to_contain_text("已拒绝")
    expect(line).to_contain_text("机械故障")


def test_maritime_review_clears_holds_and_releases_and_the_company_sees_it(seat, stage):
    movement = next(
        m
        for m in stage.running.service.hub.entities["movement"].values()
        if m["company"] == "CO-RO" and m["clearance"] == "requested" and m["planned"]
    )
    msa, company = seat().on_board("MSA"), seat().on_board("CO-RO")
    line, theirs = row(msa, movement["id"]), row(company, movement["id"])
    line.locator("[data-verb=clear]").click()
    expect(theirs).to_contain_text("已放行")
    line.locator("[data-verb=hold]").click()
    msa.page.locator("[data-choice=inspection]").click()
    msa.page.locator("dialog button.main").click()
    expect(theirs).to_contain_text("暂缓")
    line.locator("[data-verb=release]").click()
    expect(theirs).to_contain_text("待放行")


def test_the_dispatch_centre_acts_for_another_only_after_reading_back(seat, stage):
    job = a_service(stage, "pilotage", status="requested", reconfirm=False)
    port = seat().on_board("PORT")
    row(port, job["movement_id"]).click()
    aside = port.page.locator("aside")
    aside.locator("[data-verb=confirm]").first.click()
    dialog = port.page.locator("dialog")
    expect(dialog).to_contain_text("代 引航站 录入")
    dialog.locator("button.main").click()
    expect(dialog).to_contain_text("代录须先复诵")
    dialog.locator(".read-back input").check()
    dialog.locator("button.main").click()
    expect(dialog).to_have_count(0)
    expect(aside).to_contain_text("已确认")


def test_a_new_plan_moves_rows_at_once_and_says_why(seat, stage):
    movements = stage.running.service.hub.entities["movement"].values()
    late = [m["id"] for m in movements if m["state"] == "planned" and m["company"] == "CO-RO"][3]
    company = seat().on_board("CO-RO")
    stage.publish({late: timedelta(minutes=40)})
    line = row(company, late)
    expect(line).to_contain_text("推迟 40 分钟")
    expect(line).to_contain_text("单向航段须让对向船先过")
    expect(company.page.locator("[aria-live=polite]").last).to_contain_text("改")


def test_a_faulty_file_is_refused_with_every_fault_in_its_place(seat):
    company = seat(expected=("422",)).on_board("CO-PC").tab("申报")
    file = {"name": "plan.csv", "mimeType": "text/csv", "buffer": FAULTY.encode("gbk")}
    company.page.locator("input[type=file]").set_input_files(file)
    faults = company.page.locator(".faults tbody tr")
    expect(faults.filter(has_text="总长")).to_contain_text("“abc”不是数字")
    expect(faults.filter(has_text="最晚时间")).to_contain_text("“明天”不是时间")
    expect(faults.filter(has_text="IMO")).to_contain_text("校验不符")
    expect(faults.filter(has_text="IMO").locator("td").first).to_have_text("2")
    company.page.get_by_role("button", name="EN", exact=True).click()
    expect(faults.filter(has_text="总长")).to_contain_text("“abc” is not a number")


def test_a_good_file_is_declared_and_can_be_withdrawn_in_two_steps(seat):
    company = seat().on_board("CO-XS").tab("申报")
    company.page.locator("input[type=file]").set_input_files(DAY.spreadsheets["CO-XS"])
    expect(company.page.locator(".said")).to_contain_text("已受理", timeout=15_000)
    line = company.page.locator("tr[data-declaration]").first
    line.locator("[data-verb=withdraw]").click()
    dialog = company.page.locator("dialog")
    expect(dialog).to_contain_text("撤回后")
    expect(line).to_contain_text("已受理")
    dialog.locator("button.danger").click()
    expect(line).to_contain_text("已撤回")


def test_the_language_changes_at_once_and_is_remembered(seat):
    one = seat().on_board("MSA")
    one.page.get_by_role("button", name="EN", exact=True).click()
    expect(one.page.locator("thead")).to_contain_text("Planned")
    expect(one.page.locator("html")).to_have_attribute("lang", "en")
    one.page.reload()
    expect(one.page.locator("thead")).to_contain_text("Planned")


def test_rows_are_walked_and_opened_with_the_keyboard_alone(seat):
    one = seat().on_board("MSA")
    rows = one.page.locator("tbody tr")
    rows.first.focus()
    one.page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    one.page.keyboard.press("Tab")
    expect(rows.nth(1).locator("button").first).to_be_focused()
    one.page.keyboard.press("ArrowUp")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("aside")).to_be_focused()
    one.page.keyboard.press("Escape")
    expect(one.page.locator("aside")).to_have_count(0)
    expect(rows.first).to_be_focused()


def test_a_closure_is_set_and_lifted(seat, stage):
    port, pilots = seat().on_board("PORT").tab("限制"), seat().on_board("PILOT").tab("限制")
    port.page.locator("[data-verb=restrict]").click()
    dialog = port.page.locator("dialog")
    dialog.get_by_role("checkbox").nth(2).check()
    dialog.locator("[name=reason]").fill("大雾")
    dialog.locator("button.main").click()
    line = pilots.page.locator("tr[data-restriction]")
    expect(line).to_contain_text("生效中")
    expect(line).to_contain_text("大雾")
    port.page.locator("[data-verb=lift]").click()
    port.page.locator("dialog button.main").click()
    expect(line).to_have_count(0)


def test_a_pilots_phone_shows_the_next_act_as_one_button(seat, stage):
    job = a_service(stage, "pilotage", status="requested", reconfirm=False)
    phone = seat(size=PHONE, theme="day", expected=("409",)).on_board("PILOT")
    phone.page.locator(".toolbar select").last.select_option(job["resource_id"])
    button = phone.page.locator(".act button")
    expect(button).to_contain_text("确认")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.click()
    expect(button).to_contain_text("引航员登轮")
    button.click()
    expect(phone.page.locator(".act [role=alert]")).to_be_visible()


def test_an_event_without_a_network_is_kept_with_its_time_and_sent_later(seat, stage):
    job = next(
        service
        for service in stage.running.service.hub.entities["service"].values()
        if service["kind"] == "pilotage" and service["status"] == "requested"
    )
    for service in list(stage.running.service.hub.entities["service"].values()):
        if service["movement_id"] == job["movement_id"] and service["status"] == "requested":
            with stage.running.as_("PORT", **behalf(service)) as client:
                client.post(f"/v1/services/{service['id']}/confirm", json={})
    with stage.running.as_("MSA") as client:
        client.post(f"/v1/movements/{job['movement_id']}/clear", json={})
    phone = seat(size=PHONE, expected=("ERR_INTERNET",)).on_board("PILOT")
    phone.page.locator(".toolbar select").last.select_option(job["resource_id"])
    button = phone.page.locator(".act button")
    expect(button).to_contain_text("引航员登轮")
    phone.context.set_offline(True)
    button.click()
    expect(phone.page.get_by_text("1 项待发送")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.page.get_by_text("1 项待发送")).to_have_count(0, timeout=15_000)
    expect(phone.page.locator("ol li.past").nth(1)).to_contain_text("引航员登轮")


def behalf(service):
    party = service["kind"]
    return {
        "Fairway-On-Behalf-Of": f"{party}:{service['organisation']}",
        "Fairway-Read-Back": "true",
    }


def test_a_tug_is_taken_out_by_its_own_company_and_returned_by_the_dispatch_centre(seat):
    tugs, port = (
        seat().on_board("TUG-A").tab("人员与拖轮"),
        seat().on_board("PORT").tab("人员与拖轮"),
    )
    line = tugs.page.locator("tr[data-resource]").nth(3)
    line.locator("[data-verb=out]").click()
    tugs.page.locator("dialog [name=reason]").fill("主机检修")
    tugs.page.locator("dialog button.main").click()
    expect(line).to_contain_text("停用中")
    same = port.page.locator(f"tr[data-resource={line.get_attribute('data-resource')}]")
    same.locator("[data-verb^=back]").click()
    port.page.locator("dialog .read-back input").check()
    port.page.locator("dialog button.main").click()
    expect(line).to_contain_text("在用")


def test_the_history_of_a_movement_is_read(seat):
    one = seat().on_board("PORT")
    one.page.locator("tbody tr").nth(2).locator("th").click()
    one.page.get_by_role("button", name="读取记录").click()
    expect(one.page.locator("aside")).to_contain_text("新申报")
    expect(one.page.locator("aside")).to_contain_text("发布计划")


def test_a_restart_is_seen_as_stale_and_the_board_goes_on_from_its_cursor(seat, stage, monkeypatch):
    one = seat(expected=("WebSocket", "ERR_CONNECTION")).on_board("PORT")
    rows = one.page.locator("tbody tr")
    count = rows.count()

    def look():
        expect(one.page.locator("[data-line=reconnecting]")).to_be_visible(timeout=10_000)
        expect(one.page.locator(".old")).to_be_visible()

    stage.restart(monkeypatch, off_for=look)
    expect(one.page.locator("[data-line=live]")).to_be_visible(timeout=20_000)
    assert rows.count() == count
