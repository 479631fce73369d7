"""Pictures of the console to look at: ``python -m tests.console.screenshots [FOLDER]``."""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.console import browser as chromium
from tests.console.seats import LAPTOP, PHONE, Seat
from tests.console.stage import Stage

FOLDER = chromium.ROOT / "test-results/console"
COMPANIES = ("CO-PC", "CO-RO")
FAULTY = "航次号,动态类别,船名,IMO,船旗\nA1,进岗,TEST,1234567,CN\nA2,进港,,9321483,china\n"


def main(arguments: list[str]) -> int:
    """Take every picture; return 0, or 1 where a page had errors."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        stage = Stage(Path(data), COMPANIES)
        try:
            prepare(stage)
            program = chromium.executable()
            opened = playwright.chromium.launch(
                executable_path=program,
                args=chromium.ARGUMENTS,
                env=chromium.environment(program),
            )
            faults = take_all(opened, stage, folder)
            opened.close()
        finally:
            stage.stop()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")
    return 1 if faults else 0


def prepare(stage: Stage) -> None:
    """A day with answers, changes, a closure and an outage on it."""
    stage.declare_all()
    ids = [movement.id for movement in stage.situation().movements]
    rows = stage.running.service.hub.entities
    some = sorted(rows["service"].values(), key=lambda row: row["planned_start_at"])[:40]
    for number, row in enumerate(some):
        account = "PILOT" if row["kind"] == "pilotage" else row["organisation"]
        with stage.running.as_(account) as client:
            if number % 9 == 4:
                body = {"reason": "occupied", "remark": ""}
                client.post(f"/v1/services/{row['id']}/decline", json=body)
            else:
                client.post(f"/v1/services/{row['id']}/confirm", json={})
    with stage.running.as_("MSA") as client:
        for number, movement_id in enumerate(ids[:14]):
            verb, body = ("clear", {}) if number % 5 else ("hold", {"reason": "inspection"})
            client.post(f"/v1/movements/{movement_id}/{verb}", json=body)
    closure = {
        "kind": "closure",
        "from_at": stage.clock.now().isoformat(),
        "to_at": (stage.clock.now() + timedelta(hours=5)).isoformat(),
        "segments": ["S02", "S03"],
        "reason": "大雾",
    }
    with stage.running.as_("PORT") as client:
        client.post("/v1/restrictions", json=closure)
    with stage.running.as_("TUG-A") as client:
        tug = next(row["id"] for row in rows["resource"].values() if row["organisation"] == "TUG-A")
        body = {"from_at": stage.clock.now().isoformat(), "reason": "主机检修"}
        client.post(f"/v1/resources/{tug}/outages", json=body)
    later = {name: timedelta(minutes=25 + 5 * (n % 7)) for n, name in enumerate(ids) if n % 4 == 1}
    stage.publish(later, left_out=tuple(ids[6:8]))


def take_all(opened: Browser, stage: Stage, folder: Path) -> list[str]:
    """Take the pictures; return what went wrong on the pages."""
    faults: list[str] = []

    def shot(name: str, account: str | None, act=None, **options) -> None:
        seat = Seat(opened, stage.url, sessions=stage.session, expected=("422",), **options)
        if account is None:
            seat.page.goto(stage.url)
        else:
            seat.on_board(account)
        if act:
            act(seat)
        seat.page.wait_for_timeout(250)
        seat.page.screenshot(path=folder / f"{name}.png")
        faults.extend(f"{name}: {fault}" for fault in seat.faults)
        seat.close()

    def open_row(seat: Seat) -> None:
        seat.page.locator("tbody tr.moved").first.click()

    def decline(seat: Seat) -> None:
        seat.page.locator("[data-verb=decline]").first.click()

    def upload(seat: Seat) -> None:
        seat.page.locator("nav button").nth(1).click()
        seat.page.locator("input[type=file]").set_input_files(
            {"name": "plan.csv", "mimeType": "text/csv", "buffer": FAULTY.encode()}
        )
        seat.page.locator(".faults").wait_for()

    def tab(number: int):
        return lambda seat: seat.page.locator("nav button").nth(number).click()

    def first_crew(seat: Seat) -> None:
        seat.page.locator(".toolbar select").last.select_option(index=1)

    shot("signin", None)
    shot("signin-phone", None, size=PHONE, theme="day")
    for theme in ("day", "dusk", "night"):
        shot(f"dispatch-{theme}", "PORT", theme=theme)
    shot("dispatch-details", "PORT", open_row)
    shot("dispatch-en", "PORT", open_row, lang="en")
    shot("dispatch-laptop", "PORT", size=LAPTOP)
    shot("dispatch-laptop-details", "PORT", open_row, size=LAPTOP, theme="day")
    shot("dispatch-restrictions", "PORT", tab(3))
    shot("dispatch-fleet", "PORT", tab(4), theme="day")
    shot("dispatch-declarations", "PORT", tab(5))
    shot("maritime", "MSA", theme="day")
    shot("maritime-night-details", "MSA", open_row, theme="night")
    shot("pilotage", "PILOT")
    shot("pilotage-decline", "PILOT", decline, theme="day")
    shot("towage", "TUG-A", theme="night")
    shot("company", "CO-RO", theme="day")
    shot("company-faults", "CO-RO", upload, theme="day")
    shot("company-faults-phone", "CO-RO", upload, theme="day", size=PHONE)
    shot("phone-pilotage", "PILOT", size=PHONE, theme="day")
    shot("phone-crew", "PILOT", first_crew, size=PHONE, theme="day")
    shot("phone-crew-night", "PILOT", first_crew, size=PHONE, theme="night")
    shot("phone-maritime", "MSA", size=PHONE)
    shot("phone-decline", "PILOT", decline, size=PHONE, theme="day")
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
