/** The line to the service on a clock of its own: silence, drops, pauses, refusals. */

import { beforeEach, describe, expect, it } from "vitest";
import type { Frame } from "../src/lib/feed";
import { DROP_AFTER_MS, LiveLine, STALE_AFTER_MS, type Socket, type Surroundings } from "../src/lib/live";

class Line implements Socket {
  sent: string[] = [];
  closed = false;
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  hear(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

class World implements Surroundings {
  lines: Line[] = [];
  now = 1_000;
  chance = 0.5;
  #waiting: { at: number; run: () => void }[] = [];
  open(): Line {
    const line = new Line();
    this.lines.push(line);
    return line;
  }
  nowMs(): number {
    return this.now;
  }
  random(): number {
    return this.chance;
  }
  after(ms: number, run: () => void): () => void {
    const item = { at: this.now + ms, run };
    this.#waiting.push(item);
    return () => (this.#waiting = this.#waiting.filter((other) => other !== item));
  }
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      this.now = due.at;
      due.run();
    }
    this.now = end;
  }
  get last(): Line {
    const line = this.lines.at(-1);
    if (!line) throw new Error("no line was opened");
    return line;
  }
}

const SNAPSHOT: Frame = { type: "snapshot", cursor: "c1", at: "2026-03-02T00:00:00Z", rows: {} };
const beat = (cursor: string): Frame => ({ type: "heartbeat", cursor, at: "2026-03-02T00:00:05Z", behind_s: 0 });

let world: World;
let line: LiveLine;
let refusals: number;

beforeEach(() => {
  world = new World();
  refusals = 0;
  line = new LiveLine(world, { changed: () => {}, refused: () => (refusals += 1) }, "token", "port");
  line.start();
  world.last.onopen?.(undefined as never);
});

describe("a line", () => {
  it("subscribes first, then is live with the first frame", () => {
    expect(JSON.parse(world.last.sent[0] ?? "")).toEqual({
      type: "subscribe", token: "token", board: "port", since: null,
    });
    expect(line.state).toBe("connecting");
    world.last.hear(SNAPSHOT);
    expect(line.state).toBe("live");
  });

  it("is stale after silence, live again with news, and dropped after a long silence", () => {
    world.last.hear(SNAPSHOT);
    world.pass(STALE_AFTER_MS + 1_500);
    expect(line.state).toBe("stale");
    expect(line.silenceMs()).toBe(STALE_AFTER_MS + 1_500);
    world.last.hear(beat("c2"));
    expect(line.state).toBe("live");
    const first = world.last;
    world.pass(DROP_AFTER_MS + 1_500);
    expect(first.closed).toBe(true);
    expect(line.state).toBe("reconnecting");
  });

  it("resumes from its cursor, and takes no word of the socket it gave up", () => {
    world.last.hear(SNAPSHOT);
    world.last.hear(beat("c2"));
    const first = world.last;
    first.onclose?.({ code: 1006 });
    world.pass(20_000);
    expect(world.last).not.toBe(first);
    world.last.onopen?.(undefined as never);
    expect(JSON.parse(world.last.sent[0] ?? "").since).toBe("c2");
    first.hear(beat("old"));
    expect(line.feed.cursor).toBe("c2");
    world.last.hear({ type: "resume", cursor: "c2", count: 0 });
    expect([line.state, line.feed.resumes]).toEqual(["live", 1]);
  });

  it("asks for a snapshot after a gap and after a resync", () => {
    for (const spoil of [
      () => world.last.hear({ type: "delta", prev: "x", cursor: "y", at: "t", ops: [] }),
      () => world.last.onclose?.({ code: 4409 }),
    ]) {
      world.last.hear(SNAPSHOT);
      spoil();
      world.pass(20_000);
      world.last.onopen?.(undefined as never);
      expect(JSON.parse(world.last.sent[0] ?? "").since).toBeNull();
    }
  });

  it("waits longer and longer while it fails, at most fifteen seconds", () => {
    world.chance = 0.999;
    const pauses: number[] = [];
    for (let turn = 0; turn < 9; turn += 1) {
      const opened = world.lines.length;
      world.last.onclose?.({ code: 1006 });
      let waited = 0;
      while (world.lines.length === opened && waited < 30_000) {
        world.pass(100);
        waited += 100;
      }
      pauses.push(waited);
    }
    expect(pauses[0]).toBeLessThan(1_000);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    expect(pauses.at(-1)).toBeLessThanOrEqual(15_000);
    expect(pauses.at(-1)).toBeGreaterThan(14_000);
  });

  it("spreads the return of many by chance", () => {
    world.chance = 0;
    world.last.onclose?.({ code: 1006 });
    world.pass(350);
    expect(world.lines.length).toBe(2);
  });

  it("does not come back once the session is refused", () => {
    world.last.onclose?.({ code: 4401 });
    world.pass(60_000);
    expect([refusals, line.state, world.lines.length]).toEqual([1, "closed", 1]);
  });

  it("comes back at once when the network does", () => {
    world.chance = 0.999;
    world.last.hear(SNAPSHOT);
    for (let turn = 0; turn < 4; turn += 1) {
      world.last.onclose?.({ code: 1006 });
      line.nudge();
    }
    expect(world.lines.length).toBe(5);
  });
});
