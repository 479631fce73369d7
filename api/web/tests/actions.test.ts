/** What can be done to a row in each state, and what is sent for it. */

import { describe, expect, it } from "vitest";
import { clearanceActions, movementActions, outageActions, reportAction, restrictAction, serviceActions, tapEvent } from "../src/lib/actions";
import { ladder, nextStep, reportable } from "../src/lib/events";
import { awaits, found, isMoved, passes, sorted } from "../src/lib/listing";
import type { EventRow, Movement, Service } from "../src/lib/rows";

const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, "0")}:00:00Z`;

function movement(more: Partial<Movement> = {}): Movement {
  return {
    id: "M1", sequence: 0, kind: "entry", vessel: { name: "SHIP" } as Movement["vessel"], draught_m: 9,
    berths: ["B1"], from_place: null, boarding_place: "P1", requested_at: at(5), estimated_at: null,
    priority: 3, pinned: false, state: "planned", clearance: "requested",
    planned: { start_at: at(6), end_at: at(9), from_place: null, to_place: "B1", plan_version: 1 },
    actual_start_at: null, actual_end_at: null, executable: false, revision: 1, ...more,
  };
}
function service(more: Partial<Service> = {}): Service {
  return {
    id: "S1", movement_id: "M1", kind: "pilotage", need: "pilots", resource_id: "PL1",
    organisation: "PILOT", vessel_name: "SHIP", vessel_type: "bulk", loa_m: 190, movement_kind: "entry",
    planned_start_at: at(6), planned_end_at: at(9), from_place: "P1", to_place: "B1",
    status: "requested", confirmed_start_at: null, reconfirm: false, reason: null, ...more,
  };
}
const event = (kind: string, more: Partial<EventRow> = {}): EventRow => ({
  id: `E-${kind}`, kind, actual_at: at(6), reported_at: at(6), corrected_by: null, ...more,
});
const ids = (actions: { id: string }[]) => actions.map(({ id }) => id);

describe("answers", () => {
  it("are to what was seen", () => {
    const [confirm] = serviceActions(service());
    expect(confirm?.body({}, at(1))).toEqual({ seen_start_at: at(6) });
    const clear = clearanceActions(movement()).find(({ id }) => id === "clear");
    expect(clear?.body({}, at(1))).toEqual({ seen_start_at: at(6) });
  });
  it("depend on the state", () => {
    expect(ids(serviceActions(service()))).toEqual(["confirm", "decline"]);
    expect(ids(serviceActions(service({ status: "confirmed" })))).toEqual(["decline"]);
    expect(ids(serviceActions(service({ status: "denied" })))).toEqual([]);
    const held = ids(clearanceActions(movement({ clearance: "held" })));
    expect(held).toContain("release");
    expect(held).not.toContain("hold");
    expect(ids(clearanceActions(movement({ planned: null, state: "declared" })))).not.toContain("clear");
    expect(clearanceActions(movement({ state: "completed" }))).toEqual([]);
  });
  it("belong to a party, and to one company of it", () => {
    const [confirm] = serviceActions(service({ kind: "towage", organisation: "TUG-B" }));
    expect([confirm?.party, confirm?.organisation]).toEqual(["towage", "TUG-B"]);
  });
});

describe("orders", () => {
  it("pin what is free and let go what is pinned", () => {
    const pin = (pinned: boolean) => movementActions(movement({ pinned }), "dispatch").find(({ id }) => id === "pin");
    expect(pin(false)?.body({}, at(1))).toEqual({ pinned: true });
    expect(pin(true)?.body({}, at(1))).toEqual({ pinned: false });
    expect(ids(movementActions(movement(), "pilotage"))).toEqual(["estimate"]);
    expect(movementActions(movement({ state: "under_way" }), "dispatch")).toEqual([]);
  });
  it("give a restriction the one value that its kind has", () => {
    const { body } = restrictAction("dispatch");
    expect(body({ kind: "wind", value_mps: 14, from_at: at(1) }, at(1))).toEqual({ kind: "wind", value: 14, from_at: at(1) });
    expect(body({ kind: "closure", segments: ["S1"] }, at(1))).toEqual({ kind: "closure", segments: ["S1"] });
  });
  it("return what is out and take out what is in", () => {
    const tug = { id: "T1", pool: "tugs", organisation: "TUG-A" } as Parameters<typeof outageActions>[0];
    expect(ids(outageActions(tug, []))).toEqual(["out"]);
    const outage = { id: "O1" } as Parameters<typeof outageActions>[1][number];
    expect(outageActions(tug, [outage])[0]?.path).toBe("/outages/O1");
  });
});

describe("events", () => {
  it("carry the time of the tap", () => {
    expect(tapEvent(movement(), "pilot_on_board", "pilotage").body({}, at(7))).toEqual({
      kind: "pilot_on_board", actual_at: at(7),
    });
  });
  it("are each party's own, once", () => {
    expect(reportable(movement(), "towage")).toEqual(["tugs_stand_by", "tugs_dismissed"]);
    const begun = movement({ events: [event("pilot_on_board")] });
    expect(reportable(begun, "pilotage")).not.toContain("pilot_on_board");
    const undone = movement({ events: [event("pilot_on_board", { corrected_by: "E9" })] });
    expect(reportable(undone, "pilotage")).toContain("pilot_on_board");
    expect(reportAction(movement({ state: "withdrawn" }), "dispatch")).toBeNull();
  });
  it("lead a crew step by step", () => {
    const step = (more: Partial<Movement>, job: Partial<Service> = {}) =>
      nextStep(ladder(movement(more), service(job), "pilotage"))?.kind ?? null;
    const yes = { status: "confirmed" } as const;
    expect(step({})).toBe("confirm");
    expect(step({}, { ...yes, reconfirm: true })).toBe("confirm");
    expect(step({}, yes)).toBe("pilot_on_board");
    expect(step({ events: [event("pilot_on_board")] }, yes)).toBe("first_line_secured");
    // a step that was left out is not asked for again
    expect(step({ events: [event("pilot_on_board"), event("all_fast")] }, yes)).toBe("pilot_off");
    const all = ["pilot_on_board", "first_line_secured", "all_fast", "pilot_off"].map((kind) => event(kind));
    expect(step({ events: all }, yes)).toBeNull();
  });
});

describe("lists", () => {
  const early = movement({ id: "M2", planned: null, state: "declared", requested_at: at(1) });
  const late = movement({ id: "M10", planned: { ...movement().planned!, start_at: at(8) } });
  it("are ordered by planned time, those without one last", () => {
    expect(ids(sorted([early, late, movement()], { key: "planned", down: false }))).toEqual(["M1", "M10", "M2"]);
    expect(ids(sorted([late, early], { key: "requested", down: true }))).toEqual(["M10", "M2"]);
  });
  it("know what waits for whom", () => {
    expect(awaits(movement(), [service()], "pilotage")).toBe(true);
    expect(awaits(movement(), [service({ status: "confirmed" })], "pilotage")).toBe(false);
    expect(awaits(movement(), [], "maritime")).toBe(true);
    expect(awaits(early, [], "maritime")).toBe(false);
    expect(passes(early, [], "unplaced", "dispatch")).toBe(true);
  });
  it("tell a moved time from a first one", () => {
    const change = { from_at: null, to_at: at(6), reasons: [], plan_version: 1 };
    expect(isMoved(movement({ change }))).toBe(false);
    expect(isMoved(movement({ change: { ...change, from_at: at(5) } }))).toBe(true);
  });
  it("are searched by every word", () => {
    expect(found("ship m1", "M1", "SHIP ONE")).toBe(true);
    expect(found("ship m2", "M1", "SHIP ONE")).toBe(false);
    expect(found("  ", null)).toBe(true);
  });
});
