/** The board that the whole console shows: one live line, one counter bumped once a frame. */

import { announce } from "./announce.svelte";
import { settle } from "./doing.svelte";
import type { Change } from "./feed";
import { browserSurroundings, LiveLine, type LineState } from "./live";
import type { Board, Rows } from "./rows";
import { expire } from "./session.svelte";

/** `rev` goes up at most once per screen frame; whoever reads it sees the rows anew. */
const seen = $state({ rev: 0, line: "closed" as LineState, silenceS: 0, heard: "", loaded: false });

let line: LiveLine | null = null;
let waiting: Change[] = [];
let frame = 0;

function show(): void {
  frame = 0;
  if (!line) return;
  seen.rev += 1;
  seen.line = line.state;
  seen.silenceS = Math.round(line.silenceMs() / 1000);
  seen.heard = line.feed.at ?? "";
  seen.loaded = line.feed.snapshots > 0;
  const changes = waiting;
  waiting = [];
  for (const id of new Set(changes.map((change) => change.id))) settle(id);
  announce(changes);
}

function soon(changes: Change[]): void {
  waiting.push(...changes);
  // a hidden page gets no animation frames; it is brought up to date when it is seen again
  if (frame === 0) frame = requestAnimationFrame(show);
}

const wake = () => {
  if (document.visibilityState === "visible") line?.nudge();
};

export function openBoard(token: string, board: Board): void {
  closeBoard();
  line = new LiveLine(browserSurroundings(), { changed: soon, refused: expire }, token, board);
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  line.start();
}

export function closeBoard(): void {
  removeEventListener("online", wake);
  document.removeEventListener("visibilitychange", wake);
  line?.stop();
  line = null;
  waiting = [];
  if (frame !== 0) cancelAnimationFrame(frame);
  frame = 0;
  seen.line = "closed";
  seen.loaded = false;
}

export const board = {
  /** Read it to be shown anew when rows have changed. */
  get rev() {
    return seen.rev;
  },
  get line() {
    return seen.line;
  },
  /** Seconds since the last frame. */
  get silenceS() {
    return seen.silenceS;
  },
  /** The service's clock in the last frame. */
  get heard() {
    return seen.heard;
  },
  get loaded() {
    return seen.loaded;
  },
  get behindS() {
    return seen.rev >= 0 && line ? line.feed.behindS : 0;
  },
};

export function rowsOf<T extends keyof Rows>(type: T): Rows[T][] {
  return seen.rev >= 0 ? ([...(line?.feed.rows.get(type)?.values() ?? [])] as Rows[T][]) : [];
}

export function rowOf<T extends keyof Rows>(type: T, id: string): Rows[T] | undefined {
  return seen.rev >= 0 ? (line?.feed.rows.get(type)?.get(id) as Rows[T] | undefined) : undefined;
}

const NONE: Rows["service"][] = [];
let byMovement = { rev: -1, map: new Map<string, Rows["service"][]>() };

/**
 * The services of a movement. Sorted out once per change of the rows; a list whose services are
 * the same as before is the same list, so that whoever shows it need not do so anew.
 */
export function servicesOf(movementId: string): Rows["service"][] {
  if (byMovement.rev !== seen.rev) {
    const map = new Map<string, Rows["service"][]>();
    for (const service of rowsOf("service")) {
      const list = map.get(service.movement_id);
      if (list) list.push(service);
      else map.set(service.movement_id, [service]);
    }
    for (const [id, list] of map) {
      const before = byMovement.map.get(id);
      if (before?.length === list.length && before.every((service, at) => service === list[at])) {
        map.set(id, before);
      }
    }
    byMovement = { rev: seen.rev, map };
  }
  return byMovement.map.get(movementId) ?? NONE;
}
