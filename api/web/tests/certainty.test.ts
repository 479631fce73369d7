/** When certainty is asked for, and what of it applies to a movement. */

import { describe, expect, it } from "vitest";
import { AGAIN_MS, due, figuresOf, mayList, mayRead, percent, RETRY_MS, toldOf, type Asked, type Certainty } from "../src/lib/certainty";
import { sorted } from "../src/lib/listing";
import type { Movement } from "../src/lib/rows";

const chance = (id: string, holds: number, caused = 0) => ({
  movement_id: id, company: "CO", holds, delay_min: 1, late_min: 20, caused_min: caused,
});
const answer: Certainty = {
  plan_version: 7, at: "2026-03-02T00:00:00Z", samples: 500, tolerance_min: 15,
  movements: [chance("M1", 0.9, 0.2), chance("M2", 0.4, 3), chance("M3", 0.7, 1)], keystones: ["M2"],
};
const figures = figuresOf(answer);

function movement(id: string, more: Partial<Movement> = {}): Movement {
  return {
    id, kind: "entry", vessel: { name: id }, state: "planned", requested_at: `2026-03-02T0${id.slice(1)}:00:00Z`,
    planned: { start_at: `2026-03-02T0${id.slice(1)}:00:00Z`, end_at: "", from_place: null, to_place: null, plan_version: 7 },
    berths: [], actual_start_at: null, ...more,
  } as unknown as Movement;
}
const asked = (more: Partial<Asked> = {}): Asked => ({ version: null, asking: false, lastMs: null, failed: false, ...more });

describe("the question", () => {
  it("is asked at once when nothing is known, and only where there is a plan", () => {
    expect(due(asked(), 1, 0)).toBe(true);
    expect(due(asked(), 0, 0)).toBe(false);
  });
  it("is asked one at a time", () => {
    expect(due(asked({ asking: true }), 3, 1e9)).toBe(false);
  });
  it("is asked again for a newer plan alone, and not at once", () => {
    const known = asked({ version: 7, lastMs: 1_000 });
    expect(due(known, 7, 1e9)).toBe(false);
    expect(due(known, 8, 1_000 + AGAIN_MS - 1)).toBe(false);
    expect(due(known, 8, 1_000 + AGAIN_MS)).toBe(true);
  });
  it("waits longer after no answer", () => {
    const failed = asked({ lastMs: 0, failed: true });
    expect(due(failed, 1, RETRY_MS - 1)).toBe(false);
    expect(due(failed, 1, RETRY_MS)).toBe(true);
    expect(RETRY_MS).toBeGreaterThan(AGAIN_MS);
  });
});

describe("what is told of a movement", () => {
  it("is its chance, and whether it is a keystone", () => {
    expect(toldOf(movement("M2"), figures)).toEqual({ chance: answer.movements[1], keystone: true, outdated: false });
    expect(toldOf(movement("M1"), figures)?.keystone).toBe(false);
  });
  it("is outdated once its own time is of a newer plan", () => {
    const planned = { ...movement("M1").planned!, plan_version: 8 };
    expect(toldOf(movement("M1", { planned }), figures)?.outdated).toBe(true);
  });
  it("is nothing for what has begun, has no time, or is not in the answer", () => {
    expect(toldOf(movement("M1", { state: "under_way" }), figures)).toBeNull();
    expect(toldOf(movement("M1", { planned: null }), figures)).toBeNull();
    expect(toldOf(movement("M4"), figures)).toBeNull();
    expect(toldOf(movement("M1"), null)).toBeNull();
  });
  it("is a whole number that promises no more than is known", () => {
    expect([0, 0.001, 0.5, 0.874, 0.999, 1].map(percent)).toEqual([0, 1, 50, 87, 99, 100]);
  });
});

describe("a list", () => {
  const rows = ["M1", "M2", "M3", "M4"].map((id) => movement(id));
  const order = (key: "holds" | "caused", down: boolean) => sorted(rows, { key, down }, figures).map(({ id }) => id);
  it("has the least certain first, and what is not known last either way", () => {
    expect(order("holds", false)).toEqual(["M2", "M3", "M1", "M4"]);
    expect(order("holds", true)).toEqual(["M1", "M3", "M2", "M4"]);
    expect(order("caused", true)).toEqual(["M2", "M3", "M1", "M4"]);
  });
  it("is by planned time where nothing is known yet", () => {
    expect(sorted(rows, { key: "holds", down: false }).map(({ id }) => id)).toEqual(["M1", "M2", "M3", "M4"]);
  });
});

describe("who is told", () => {
  it("is who the service tells", () => {
    const all = ["company", "pilotage", "towage", "maritime", "dispatch"] as const;
    expect(all.filter(mayRead)).toEqual(["company", "maritime", "dispatch"]);
    expect(all.filter(mayList)).toEqual(["maritime", "dispatch"]);
  });
});
