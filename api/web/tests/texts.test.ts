/** Both languages say the same things with the same values; reasons become sentences. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { figure, reasonText, type Names } from "../src/lib/reasons";
import { fill, TEXTS, type Key } from "../src/lib/texts";

const keys = Object.keys(TEXTS.zh) as Key[];
const values = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

describe("the catalogues", () => {
  it("have the same keys", () => expect(Object.keys(TEXTS.en).sort()).toEqual([...keys].sort()));
  it.each(keys.filter((key) => key !== "fault.column-missing"))("%s has the same values", (key) =>
    expect(values(TEXTS.en[key])).toEqual(values(TEXTS.zh[key])),
  );
  it("leave nothing empty", () => expect(keys.filter((key) => !TEXTS.zh[key] || !TEXTS.en[key])).toEqual([]));
});

const names: Names = {
  place: (id) => `<${id}>`,
  movement: (id) => id,
  resource: (id) => id,
  instant: (at) => at,
};

describe("reasons", () => {
  it("give figures with the unit that the name says", () => {
    expect(figure("need_mm", 13_200)).toBe("13.20 m");
    expect(figure("limit_mms", 13_900)).toBe("13.9 m/s");
    expect(figure("need_kg", 60_000)).toBe("60 t");
    expect(figure("code", "left_out")).toBeNull();
  });
  it("name places and pass over what has no words", () => {
    const params = { segment: "S03", need_mm: 13_200, have_mm: 12_600, code: "x", rank: 3 };
    expect(reasonText("under_keel_clearance", params, "en", names)).toBe(
      "Too little water in the channel before the tide (<S03>; needs 13.20 m; has 12.60 m)",
    );
    expect(reasonText("a_new_rule", {}, "en", names)).toContain("a_new_rule");
  });
  it("tell from when to when, and how many there are", () => {
    const params = { from_at: "06:30", to_at: "10:36", count: 15, need_count: 2 };
    expect(reasonText("headway", params, "en", names)).toBe(
      "Keeps its distance from a ship the same way (from 06:30; until 10:36; 15 ships in all)",
    );
    expect(reasonText("headway", params, "zh", names)).toContain("（自 06:30；至 10:36；共 15 艘）");
  });
  it("exist for every rule that there is a name for", () => {
    const rules = keys.filter((key) => key.startsWith("rule.")).map((key) => key.slice(5));
    expect(rules.filter((rule) => !(`reason.${rule}` in TEXTS.zh))).toEqual([]);
    expect(rules.length).toBeGreaterThan(20);
  });
});

it("fills the places of a text", () => {
  expect(fill("{a} and {b}", { a: 1 })).toBe("1 and ");
});

it("is what the server reads, too", () => {
  const read = JSON.parse(readFileSync(join(import.meta.dirname, "../../i18n/zh.json"), "utf8"));
  expect(read["app.name"]).toBe(TEXTS.zh["app.name"]);
});
