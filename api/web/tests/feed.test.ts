/** The feed against the vectors that every client of the service is judged by. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BoardFeed, type Change, type Frame } from "../src/lib/feed";

const FOLDER = join(import.meta.dirname, "../../../tests/vectors/feed");

interface Step {
  receive: Frame;
  continues: boolean;
  cursor: string | null;
  rows: Record<string, Record<string, unknown>>;
}
interface Vector {
  title: string;
  steps: Step[];
}

const vectors = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Vector) }));

function plain(feed: BoardFeed): Record<string, Record<string, unknown>> {
  const types = [...feed.rows].map(([type, rows]) => [type, Object.fromEntries(rows)] as const);
  return Object.fromEntries(types);
}

function withoutEmpty<T extends Record<string, object>>(rows: T): Partial<T> {
  const kept = Object.entries(rows).filter(([, byId]) => Object.keys(byId).length > 0);
  return Object.fromEntries(kept) as Partial<T>;
}

describe("vectors", () => {
  it("are there", () => expect(vectors.length).toBeGreaterThan(5));
  it.each(vectors)("$name: $title", ({ steps }) => {
    const feed = new BoardFeed();
    for (const step of steps) {
      expect(feed.receive(step.receive) === "taken").toBe(step.continues);
      expect(feed.cursor).toBe(step.cursor);
      expect(withoutEmpty(plain(feed))).toEqual(withoutEmpty(step.rows));
    }
  });
});

describe("changes", () => {
  it("tell what a row was and is, and why", () => {
    const feed = new BoardFeed();
    feed.receive({ type: "snapshot", cursor: "a", at: "t", rows: { movement: [{ id: "M1" }] } });
    const changes: Change[] = [];
    const next = { id: "M1", state: "planned" };
    feed.receive(
      {
        type: "delta", prev: "a", cursor: "b", at: "t",
        ops: [{ op: "put", type: "movement", id: "M1", row: next }],
        cause: { kind: "plan_published" },
      },
      changes,
    );
    expect(changes).toEqual([
      { type: "movement", id: "M1", before: { id: "M1" }, after: next, cause: { kind: "plan_published" } },
    ]);
  });

  it("are none where a delta is not taken", () => {
    const feed = new BoardFeed();
    const changes: Change[] = [];
    const ops = [{ op: "del", type: "movement", id: "M1" } as const];
    expect(feed.receive({ type: "delta", prev: "a", cursor: "b", at: "t", ops }, changes)).toBe("gap");
    expect(changes).toEqual([]);
  });
});
