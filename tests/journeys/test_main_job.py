"""One typical day in port words, on the real service: declare, plan, answer, mend, explain."""

from datetime import timedelta
from itertools import chain

import pytest

from dispatch.store.reading import last_offset, read_outbox, read_plans
from tests.journeys.books import facts_of, judge_plans
from tests.journeys.day import COMPANIES, SHOWN_WITHIN_S, TUG_COMPANIES, Day, instant, later
from tests.journeys.seats import Row, eventually

TOLERANCE = timedelta(minutes=15)
LEAST_LEFT_ALONE = 0.75


def words_in(value: object) -> set[str]:
    """Every text anywhere in a board's rows."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return set().union(*map(words_in, chain(value.keys(), value.values())), set())
    if isinstance(value, list):
        return set().union(*map(words_in, value), set())
    return set()


def ahead(day: Day, hours: float, **which: str) -> list[Row]:
    """Movements that start so many hours from now or later, whose jobs nobody has answered."""
    from_at = day.sample.starts_at + timedelta(hours=hours)
    answered = {
        row["movement_id"]
        for row in day.centre.rows("service").values()
        if row["status"] != "requested"
    }
    return [
        row
        for row in day.planned(**which)
        if instant(row["planned"]["start_at"]) >= from_at and row["id"] not in answered
    ]


def piloted(day: Day, rows: list[Row]) -> list[tuple[Row, Row]]:
    """Those of some movements that have a pilot, each with the pilotage job."""
    jobs = {
        row["movement_id"]: row
        for row in day.centre.rows("service").values()
        if row["kind"] == "pilotage" and row["status"] != "denied"
    }
    return [(row, jobs[row["id"]]) for row in rows if row["id"] in jobs]


def now_of(day: Day) -> str:
    return later(day.centre.get("/v1/clock")["now"], 0)


def require_explained(day: Day, told: Row) -> None:
    """Whoever was moved by a plan is told why; most of the port is left where it was."""
    for name, (before, _) in told["moved"].items():
        if before is not None:
            row = day.centre.row("movement", name)
            assert row["change"]["plan_version"] == told["version"], row["change"]
            assert row["change"]["reasons"], row["change"]
    everyone = len(day.centre.rows("movement"))
    assert len(told["moved"]) <= (1 - LEAST_LEFT_ALONE) * everyone, told["moved"]


def test_spreadsheets_become_one_plan_on_every_board(day: Day):
    movements = day.centre.rows("movement")
    assert len(movements) == day.movements
    assert all(row["planned"] or row["unplaced_reasons"] for row in movements.values())
    assert sum(row["planned"] is not None for row in movements.values()) > 0.9 * len(movements)
    for seat in day.seats.values():
        eventually(
            lambda seat=seat: seat.version >= day.centre.version,
            SHOWN_WITHIN_S,
            what=f"the plan on {seat.organisation}'s board",
        )
        for row in seat.rows("movement").values():
            assert row["planned"] == movements[row["id"]]["planned"]
        assert seat.held() == seat.fresh()
    jobs = day.centre.rows("service").values()
    assert set(day.seats["PILOT"].rows("service")) == {
        row["id"] for row in jobs if row["kind"] == "pilotage"
    }
    for company in COMPANIES:
        own = {row["id"] for row in movements.values() if row["company"] == company}
        assert set(day.seats[company].rows("movement")) == own


def test_a_company_sees_nothing_of_anothers_business(day: Day):
    seat = day.seats["AG-1"]
    foreign = [
        row for row in day.centre.rows("movement").values() if row["company"] != seat.organisation
    ]
    hidden = {row[name] for row in foreign for name in ("id", "call_id", "declaration_id")}
    hidden |= {row["vessel"][name] for row in foreign for name in ("name", "imo", "mmsi")}
    hidden |= set(COMPANIES) - {seat.organisation}
    assert not hidden & words_in(seat.held())
    other = foreign[0]
    for path in (
        f"/v1/movements/{other['id']}",
        f"/v1/movements/{other['id']}/history",
        f"/v1/declarations/{other['declaration_id']}",
    ):
        assert seat.http.get(path).status_code == 404
    assert seat.http.get("/v1/boards/company?organisation=CO-RO").status_code == 403
    assert seat.http.get("/v1/boards/port").status_code == 403


def test_a_tug_company_sees_nothing_of_its_rivals(day: Day):
    seat = day.seats["TUG-A"]
    rivals = set(TUG_COMPANIES) - {seat.organisation}
    hidden = set(rivals)
    for kind in ("service", "resource"):
        for row in day.centre.rows(kind).values():
            if row["organisation"] in rivals:
                hidden |= {row["id"]} if kind == "service" else {row["id"], row["name_zh"]}
    assert len(hidden) > 20
    assert not hidden & words_in(seat.held())
    assert seat.rows("service")
    job = next(row for row in day.centre.rows("service").values() if row["organisation"] in rivals)
    for verb, body in (("confirm", {}), ("decline", {"reason": "crew_rest"})):
        assert seat.refused(f"/v1/services/{job['id']}/{verb}", body) == (404, "not-found")
    assert seat.http.get("/v1/boards/towage?organisation=TUG-B").status_code == 403


@pytest.mark.parametrize(
    ("organisation", "path", "body"),
    [
        ("AG-1", "/v1/movements/{movement}/clear", {}),
        ("CO-RO", "/v1/services/{pilotage}/confirm", {}),
        ("CO-RO", "/v1/restrictions", {"kind": "closure", "segments": ["S01"]}),
        ("CO-RO", "/v1/resources/T01/outages", {}),
        ("PILOT", "/v1/movements/{movement}/clear", {}),
        ("PILOT", "/v1/movements/{movement}/priority", {"priority": 1}),
        ("PILOT", "/v1/services/{towage}/confirm", {}),
        ("TUG-A", "/v1/services/{pilotage}/decline", {"reason": "crew_rest"}),
        ("TUG-A", "/v1/movements/{movement}/hold", {"reason": "papers"}),
        ("TUG-A", "/v1/resources/T03/outages", {}),
        ("MSA", "/v1/services/{pilotage}/confirm", {}),
        ("MSA", "/v1/movements/{movement}/pin", {"pinned": True}),
        ("PORT", "/v1/services/{pilotage}/confirm", {}),
        ("PORT", "/v1/movements/{movement}/clear", {}),
    ],
)
def test_nobody_has_anothers_verbs(day: Day, organisation: str, path: str, body: Row):
    movement, job = piloted(day, ahead(day, 2))[0]
    towage = next(row for row in day.services_of(movement["id"]) if row["kind"] == "towage")
    names = {"movement": movement["id"], "pilotage": job["id"], "towage": towage["id"]}
    if path.endswith(("restrictions", "outages")):
        body = body | {"from_at": later(now_of(day), 60), "to_at": later(now_of(day), 120)}
    before = last_offset(day.served.database)
    status, code = day.seats[organisation].refused(path.format(**names), body)
    assert (status, code) in {(403, "not-allowed"), (404, "not-found")}
    assert last_offset(day.served.database) == before
    phoned = day.seats["MSA"].refused(
        path.format(**names), body, Fairway_On_Behalf_Of="pilotage", Fairway_Read_Back="true"
    )
    assert phoned == (403, "not-allowed")


def test_pilotage_confirms_what_it_sees_and_nothing_is_planned_for_it(day: Day):
    before = last_offset(day.served.database)
    jobs = [job for _, job in piloted(day, ahead(day, 1))][-5:]
    desk = day.seats["PILOT"]
    for job in jobs:
        stale = {"seen_start_at": later(job["planned_start_at"], 1)}
        told = desk.refused(f"/v1/services/{job['id']}/confirm", stale)
        assert told == (409, "movement-changed")
        desk.done(f"/v1/services/{job['id']}/confirm", {"seen_start_at": job["planned_start_at"]})
    for job in jobs:
        seat = day.seats[job["company"]]
        eventually(
            lambda seat=seat, job=job: seat.row("service", job["id"])["status"] == "confirmed",
            SHOWN_WITHIN_S,
            what="the answer on the company's board",
        )
    facts = [
        fact
        for fact in read_outbox(day.served.database, before)
        if fact.kind == "service_confirmed"
    ]
    assert [fact.note["service_id"] for fact in facts] == [job["id"] for job in jobs]
    assert not any(fact.planning for fact in facts)


def test_another_tug_gets_a_declined_job_and_nothing_else_changes(day: Day):
    towages = (
        [job for job in day.services_of(row["id"]) if job["kind"] == "towage"]
        for row in ahead(day, 4)
    )
    jobs = min((found for found in towages if found), key=len)
    job = jobs[0]
    movement_id = job["movement_id"]
    before = {item["id"] for item in day.services_of(movement_id)}
    with day.next_plan("service_declined") as told:
        day.desk_of(job).done(f"/v1/services/{job['id']}/decline", {"reason": "crew_rest"})
    crew = {row["resource_id"] for row in day.services_of(movement_id) if row["kind"] == "towage"}
    assert crew
    assert job["resource_id"] not in crew
    assert told["moved"].keys() <= {movement_id}
    assert told["recrewed"] == {movement_id}
    row = day.centre.row("movement", movement_id)
    assert row["declined"] == [job["resource_id"]]
    successors = [item for item in day.services_of(movement_id) if item["id"] not in before]
    # nobody takes the job only where the others have the number and the pull that are asked for
    assert successors or len(crew) == len(jobs) - 1
    for successor in successors:
        seat = day.desk_of(successor)
        eventually(
            lambda seat=seat, row=successor: row["id"] in seat.rows("service"),
            SHOWN_WITHIN_S,
            what="the job on the other company's board",
        )


def test_a_late_ship_moves_and_her_crews_are_asked_again(day: Day):
    row, job = piloted(day, ahead(day, 4, kind="entry"))[0]
    day.confirm_all(row["id"])
    day.seats["MSA"].done(f"/v1/movements/{row['id']}/clear")
    day.shows(row["id"], executable=True)
    answered = {item["id"] for item in day.services_of(row["id"])}
    estimate = later(row["planned"]["start_at"], 90)
    rival = next(name for name in COMPANIES if name != row["company"])
    body = {"estimated_at": estimate, "reason": "late_from_sea"}
    told = day.seats[rival].refused(f"/v1/movements/{row['id']}/estimate", body)
    assert told == (404, "not-found")
    with day.next_plan("estimated") as told:
        day.seats[row["company"]].done(f"/v1/movements/{row['id']}/estimate", body)
    moved = day.shows(row["id"], executable=False, clearance="requested", clearance_reconfirm=True)
    assert moved["planned"]["start_at"] >= estimate
    require_explained(day, told)
    for item in day.services_of(row["id"]):
        # the same crew is asked again; another one is asked for the first time
        assert item["status"] == "requested"
        assert item["reconfirm"] == (item["id"] in answered)
    assert job["id"] in answered
    for item in day.centre.rows("service").values():
        if item["status"] == "confirmed":
            shift = instant(item["planned_start_at"]) - instant(item["confirmed_start_at"])
            assert abs(shift) <= TOLERANCE, item
    day.confirm_all(row["id"])
    day.seats["MSA"].done(
        f"/v1/movements/{row['id']}/clear", {"seen_start_at": moved["planned"]["start_at"]}
    )
    day.shows(row["id"], executable=True, clearance_reconfirm=False)


def test_a_closed_segment_is_empty_and_who_was_in_it_is_told_why(day: Day):
    row = ahead(day, 6)[0]
    leg = row["planned"]["passage"][len(row["planned"]["passage"]) // 2]
    segment, from_at, to_at = leg["segment"], leg["enter_at"], later(leg["enter_at"], 45)

    def inside() -> set[str]:
        return {
            item["id"]
            for item in day.planned()
            for leg in item["planned"]["passage"]
            if leg["segment"] == segment and leg["enter_at"] < to_at and leg["leave_at"] > from_at
        }

    affected = inside()
    assert row["id"] in affected
    order = {"kind": "closure", "segments": [segment], "from_at": from_at, "to_at": to_at}
    with day.next_plan("restricted") as told:
        restriction = day.centre.done("/v1/restrictions", order | {"reason": "dredging"})
    assert not inside()
    assert affected <= told["moved"].keys()
    require_explained(day, told)
    reasons = day.centre.row("movement", row["id"])["change"]["reasons"]
    closures = [reason for reason in reasons if reason["rule"] == "closure"]
    assert closures
    assert closures[0]["params"]["closure"] == restriction["result"]["id"]
    for seat in day.seats.values():
        eventually(
            lambda seat=seat: restriction["result"]["id"] in seat.rows("restriction"),
            SHOWN_WITHIN_S,
            what=f"the closure on {seat.organisation}'s board",
        )


def test_a_held_ship_has_no_time_until_she_is_released(day: Day):
    row = ahead(day, 5, kind="entry")[-1]
    review = day.seats["MSA"]
    with day.next_plan("held") as told:
        review.done(f"/v1/movements/{row['id']}/hold", {"reason": "papers"})
    held = day.shows(row["id"], state="declared", planned=None, clearance="held")
    assert [reason["rule"] for reason in held["unplaced_reasons"]] == ["hold"]
    assert not day.services_of(row["id"])
    require_explained(day, told)
    assert review.refused(f"/v1/movements/{row['id']}/clear") == (409, "state-conflict")
    with day.next_plan("released"):
        review.done(f"/v1/movements/{row['id']}/release")
    again = day.shows(row["id"], state="planned", clearance="requested")
    assert day.services_of(row["id"])
    assert not again["unplaced_reasons"]


def test_daylight_only_moves_a_night_passage_into_the_day(day: Day):
    light = day.served.port.light_intervals(
        day.sample.starts_at, day.sample.starts_at + timedelta(hours=60)
    )

    def by_day(item: Row) -> bool:
        start, end = (instant(item["planned"][name]) for name in ("start_at", "end_at"))
        minute = timedelta(minutes=1)
        return any(rise - minute <= start and end <= fall + minute for rise, fall in light)

    row = next(item for item in ahead(day, 1.5) if not by_day(item))
    with day.next_plan("condition_added") as told:
        day.seats["MSA"].done(f"/v1/movements/{row['id']}/conditions", {"kind": "daylight_only"})
    moved = day.centre.row("movement", row["id"])
    assert moved["planned"] is not None, moved["unplaced_reasons"]
    assert by_day(moved)
    assert "daylight" in {reason["rule"] for reason in moved["change"]["reasons"]}
    require_explained(day, told)


def test_a_start_before_it_may_be_executed_is_refused_or_forced_by_name(day: Day):
    row, _ = piloted(day, ahead(day, 1, kind="entry"))[0]
    path = f"/v1/movements/{row['id']}/events"
    body = {"kind": "pilot_on_board", "actual_at": now_of(day)}
    reason = {"reason": "on VHF 09, ship under way already"}
    pilot, centre = day.seats["PILOT"], day.centre
    assert pilot.refused(path, body) == (409, "not-executable")
    assert pilot.refused(path, body | {"force": True} | reason) == (403, "not-allowed")
    assert centre.refused(path, body | {"force": True}) == (422, "value-refused")
    assert centre.refused(path, body) == (409, "not-executable")
    with day.next_plan("event_reported"):
        centre.done(path, body | {"force": True} | reason)
    started = day.shows(row["id"], state="under_way")
    assert started["actual_start_at"] == body["actual_at"]
    fact = day.fact_of("movement", row["id"], "event_reported")
    assert (fact.note["forced"], fact.note["reason"]) == (True, reason["reason"])
    assert fact.actor["organisation"] == "PORT"


def test_the_centre_enters_what_pilotage_says_on_the_phone(day: Day):
    _, job = piloted(day, ahead(day, 3))[0]
    path = f"/v1/services/{job['id']}/confirm"
    phoned = {"Fairway_On_Behalf_Of": "pilotage"}
    assert day.centre.refused(path, {}, **phoned) == (403, "read-back-missing")
    day.centre.done(path, {}, Fairway_Read_Back="true", **phoned)
    shown = eventually(
        lambda: (
            row if (row := day.seats["PILOT"].row("service", job["id"]))["status"] == "confirmed"
            else None
        ),
        SHOWN_WITHIN_S,
        what="the answer on pilotage's board",
    )  # fmt: skip
    assert shown is not None
    fact = day.fact_of("service", job["id"], "service_confirmed")
    assert (fact.actor["organisation"], fact.actor["on_behalf_of"]) == ("PORT", "pilotage")
    assert fact.actor["account"] == "PORT"


def test_a_report_is_corrected_and_both_stay_on_record(day: Day):
    row, _ = piloted(day, ahead(day, 1, kind="entry"))[-1]
    day.confirm_all(row["id"])
    day.seats["MSA"].done(f"/v1/movements/{row['id']}/clear")
    day.shows(row["id"], executable=True)
    desk, now = day.seats["PILOT"], now_of(day)
    report = {"kind": "pilot_on_board", "actual_at": now}
    future = {"kind": "pilot_on_board", "actual_at": later(now, 30)}
    path = f"/v1/movements/{row['id']}/events"
    assert desk.refused(path, future) == (422, "event-in-future")
    with day.next_plan("event_reported"):
        wrong = desk.done(path, report)["result"]["event_id"]
    right_at = later(now, -4)
    with day.next_plan("event_corrected"):
        answer = desk.done(f"/v1/events/{wrong}/correction", {"actual_at": right_at})
    right = answer["result"]["event_id"]
    shown = day.shows(row["id"], actual_start_at=right_at, state="under_way")
    events = {event["id"]: event for event in shown["events"]}
    assert events[wrong]["corrected_by"] == right
    assert events[wrong]["actual_at"] == now
    assert events[right]["actual_at"] == right_at
    again = desk.refused(f"/v1/events/{wrong}/correction", {"cancelled": True})
    assert again == (409, "state-conflict")


def test_every_version_stands_when_judged_again_and_every_board_is_true(day: Day):
    database = day.served.database
    assert judge_plans(database) == day.centre.version
    causes = {cause for plan in read_plans(database, limit=1_000) for cause in plan.cause}
    assert not causes & {"service_confirmed", "cleared"}
    facts_of(database)
    for seat in day.seats.values():
        eventually(
            lambda seat=seat: seat.held() == seat.fresh(),
            SHOWN_WITHIN_S,
            what=f"{seat.organisation}'s board as a newcomer sees it",
        )
        assert (seat.gaps, seat.first_frames) == (0, ["snapshot"])
