"""Entity values with every field filled, each text marked with whose it is."""

from datetime import UTC, datetime

from dispatch.events import Change, Fact, FactKind

AT = datetime(2026, 3, 2, tzinfo=UTC)
COMPANIES = ("CO-A", "CO-B")
TUGS = ("TUG-A", "TUG-B")


def mark(owner, name):
    """Return a text that says whose it is, to be looked for in what others are told."""
    return f"{owner}~{name}"


def reason(owner, other):
    return {
        "rule": "berth_occupancy",
        "movements": [mark(owner, "M"), mark(other, "M")],
        "companies": [owner, other],
        "resources": [],
        "params": {"vessel": mark(other, "vessel"), "berth": "B1", "need_mm": 900},
        "gain_min": 30,
    }


def movement(owner, number, tugs, other, *, piloted=True):
    entity_id = mark(owner, f"M{number}")
    text = {name: mark(owner, name) for name in (
        "call_id", "declaration_id", "cargo", "remarks", "clearance_reason", "call_ref",
    )}  # fmt: skip
    return entity_id, {
        "id": entity_id, "company": owner, "sequence": number, "kind": "entry", **text,
        "vessel": {"name": mark(owner, "ship"), "imo": mark(owner, "imo"), "loa_m": 200.0},
        "draught_m": 10.0 + number, "berths": ["B1"], "from_place": None, "boarding_place": "P1",
        "service_min": 600, "requested_at": "2026-03-02T01:00:00Z", "priority": 3, "pinned": False,
        "state": "planned", "clearance": "requested",
        "conditions": [{"id": "K1", "kind": "after_movement", "movement_id": mark(other, "M1")}],
        "waivers": [], "declined": [mark(tugs, "tug")] if tugs else [],
        "planned": {"start_at": "2026-03-02T01:00:00Z", "plan_version": 1},
        "events": [{"id": "E1", "kind": "all_fast", "actual_at": "2026-03-02T02:00:00Z",
                    "reported_by": mark(owner, "person")}],
        "wait_reasons": [reason(owner, other)], "unplaced_reasons": [reason(owner, other)],
        "change": {"from_at": None, "to_at": None, "plan_version": 2,
                   "reasons": [reason(owner, other)]},
        "breaches": [{"rule": "headway", "status": "waived",
                      "params": {"other": mark(other, "M1"), "need_s": 60}}],
        "service_organisations": ([tugs] if tugs else []) + (["PILOT"] if piloted else []),
        "pilot_required": piloted, "revision": 1,
    }  # fmt: skip


def service(owner, number, organisation):
    kind = "pilotage" if organisation == "PILOT" else "towage"
    entity_id = mark(organisation, f"S-{owner}-{number}")
    return entity_id, {
        "id": entity_id, "movement_id": mark(owner, f"M{number}"), "kind": kind, "need": "n",
        "resource_id": mark(organisation, "resource"), "organisation": organisation,
        "company": owner, "vessel_name": mark(owner, "ship"), "status": "requested",
        "reason": mark(organisation, "reason"),
    }  # fmt: skip


def stay(owner, number):
    entity_id = mark(owner, f"M{number}")
    return entity_id, {
        "id": entity_id, "place": "B1", "from_at": "2026-03-02T02:00:00Z", "to_at": None,
        "stretch": None, "estimated": True, "company": owner, "call_id": mark(owner, "call_id"),
        "vessel_name": mark(owner, "ship"),
    }  # fmt: skip


def declaration(owner, number):
    entity_id = mark(owner, f"D{number}")
    return entity_id, {
        "id": entity_id, "company": owner, "reference": mark(owner, "reference"),
        "state": "accepted", "revision": number, "movement_ids": [mark(owner, "M1")],
        "declared_by": mark(owner, "person"),
    }  # fmt: skip


def resource(organisation, number):
    entity_id = mark(organisation, f"R{number}")
    pool = "pilots" if organisation == "PILOT" else "tugs"
    return entity_id, {"id": entity_id, "pool": pool, "organisation": organisation, "out": False}


def outage(organisation, number):
    entity_id = mark(organisation, f"O{number}")
    return entity_id, {
        **resource(organisation, number)[1], "id": entity_id,
        "reason": mark(organisation, "reason"),
    }  # fmt: skip


def fact(offset, changes, *, kind=FactKind.PLAN_PUBLISHED, organisation="PORT", note=None):
    return Fact(
        offset=offset, at=AT, kind=kind, actor={"organisation": organisation}, planning=False,
        plan_version=1, changes=tuple(changes), note=note or {},
    )  # fmt: skip


def put(entity_type, item, before=None):
    return Change(type=entity_type, id=item[0], value=item[1], before=before)


def gone(entity_type, item):
    return Change(type=entity_type, id=item[0], value=None, before=item[1])
