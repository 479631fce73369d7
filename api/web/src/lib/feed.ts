/** One board kept up to date from its frames: rows, cursor, gaps. No sockets, no clock, no DOM. */

import type { Row } from "./rows";

export type Op =
  | { op: "put"; type: string; id: string; row: Row }
  | { op: "del"; type: string; id: string };

export interface Cause {
  kind: string;
  plan_version?: number | null;
  note?: unknown;
}

export type Frame =
  | { type: "snapshot"; cursor: string; at: string; rows: Record<string, Row[]> }
  | { type: "resume"; cursor: string; count: number; at?: string }
  | { type: "delta"; prev: string; cursor: string; at: string; ops: Op[]; cause?: Cause }
  | { type: "heartbeat"; cursor: string; at: string; behind_s: number }
  | { type: "problem"; code: string; [more: string]: unknown };

export interface SubscribeFrame {
  type: "subscribe";
  token: string;
  board: string;
  since: string | null;
}

/** What one delta changed, for whoever wants to tell of it. */
export interface Change {
  type: string;
  id: string;
  before: Row | undefined;
  after: Row | undefined;
  cause: Cause | undefined;
}

/**
 * What became of a frame: `taken`, or `gap` (connect and subscribe anew, a snapshot follows), or
 * `problem` (the service has ended the subscription, see `problem`).
 */
export type Outcome = "taken" | "gap" | "problem";

export class BoardFeed {
  /** Where the board stands; null before the first snapshot and after a gap. */
  cursor: string | null = null;
  /** Rows by type and id. Replaced row by row, never changed in place. */
  rows = new Map<string, Map<string, Row>>();
  /** The service's clock in the last frame. */
  at: string | null = null;
  /** How far the service said it was behind its own store, in seconds. */
  behindS = 0;
  problem: { code: string; [more: string]: unknown } | null = null;
  snapshots = 0;
  resumes = 0;

  subscribeFrame(token: string, board: string): SubscribeFrame {
    return { type: "subscribe", token, board, since: this.cursor };
  }

  /**
   * Take a frame. Frames of an unknown type are passed over, so that the service may learn new
   * ones. `changes` is filled with what a delta did.
   */
  receive(frame: Frame, changes: Change[] = []): Outcome {
    switch (frame.type) {
      case "snapshot":
        this.problem = null;
        this.cursor = frame.cursor;
        this.rows = new Map(
          Object.entries(frame.rows).map(([type, rows]) => [
            type,
            new Map(rows.map((row) => [row.id, row])),
          ]),
        );
        this.snapshots += 1;
        break;
      case "resume":
        this.problem = null;
        this.cursor = frame.cursor;
        this.resumes += 1;
        break;
      case "delta":
        if (this.cursor === null || frame.prev !== this.cursor) return this.#lost();
        this.#apply(frame.ops, frame.cause, changes);
        this.cursor = frame.cursor;
        break;
      case "heartbeat":
        if (this.cursor === null) return this.#lost();
        this.cursor = frame.cursor;
        this.behindS = frame.behind_s;
        break;
      case "problem":
        this.problem = frame;
        return "problem";
    }
    if ("at" in frame && typeof frame.at === "string") this.at = frame.at;
    return "taken";
  }

  #lost(): Outcome {
    this.cursor = null;
    return "gap";
  }

  #apply(ops: Op[], cause: Cause | undefined, changes: Change[]): void {
    for (const op of ops) {
      let rows = this.rows.get(op.type);
      if (rows === undefined) this.rows.set(op.type, (rows = new Map()));
      const before = rows.get(op.id);
      const after = op.op === "put" ? op.row : undefined;
      if (after === undefined) rows.delete(op.id);
      else rows.set(op.id, after);
      changes.push({ type: op.type, id: op.id, before, after, cause });
    }
  }
}
