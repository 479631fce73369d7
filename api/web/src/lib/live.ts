/** The line to the service: one WebSocket, watched for silence, opened again with a pause. */

import { BoardFeed, type Change, type Frame } from "./feed";

/** Silence after which the board is shown as stale (the service's heart beats every 5 s). */
export const STALE_AFTER_MS = 7_000;
/** Silence after which the socket is dropped without waiting for it to close. */
export const DROP_AFTER_MS = 15_000;
const PAUSE_FIRST_MS = 300;
const PAUSE_LAST_MS = 15_000;
/** A line that lasted this long was a good one: the next pause is short again. */
const GOOD_AFTER_MS = 10_000;

export type LineState = "connecting" | "live" | "stale" | "reconnecting" | "closed";

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface Surroundings {
  open(): Socket;
  nowMs(): number;
  /** Run once after a time; returns how to call it off. */
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export interface Listener {
  /** Something about the rows or the line is another than before. */
  changed(changes: Change[]): void;
  /** The service does not accept the session (4401). */
  refused(): void;
}

export class LiveLine {
  readonly feed = new BoardFeed();
  state: LineState = "closed";
  /** By the surroundings' clock; null before the first frame. */
  heardMs: number | null = null;

  #socket: Socket | null = null;
  #openedMs = 0;
  #failures = 0;
  #callOffRetry: (() => void) | null = null;
  #callOffWatch: (() => void) | null = null;

  constructor(
    private readonly around: Surroundings,
    private readonly listener: Listener,
    private readonly token: string,
    private readonly board: string,
  ) {}

  start(): void {
    this.#connect("connecting");
    this.#watch();
  }

  stop(): void {
    this.#callOffRetry?.();
    this.#callOffWatch?.();
    this.#callOffRetry = this.#callOffWatch = null;
    this.#hangUp();
    this.state = "closed";
  }

  /** The network is back or the page is seen again: do not wait for the pause to end. */
  nudge(): void {
    if (this.state === "reconnecting" && this.#callOffRetry) {
      this.#callOffRetry();
      this.#callOffRetry = null;
      this.#connect("reconnecting");
    } else if (this.#socket && this.silenceMs() > DROP_AFTER_MS) {
      this.#drop();
    }
  }

  /** How long nothing has been heard; 0 before the first frame. */
  silenceMs(): number {
    return this.heardMs === null ? 0 : this.around.nowMs() - this.heardMs;
  }

  #connect(state: LineState): void {
    this.#enter(state);
    this.#openedMs = this.around.nowMs();
    const socket = this.around.open();
    this.#socket = socket;
    // handlers of a socket that was given up must not speak for the one that follows it
    const mine = () => this.#socket === socket;
    socket.onopen = () => {
      if (mine()) socket.send(JSON.stringify(this.feed.subscribeFrame(this.token, this.board)));
    };
    socket.onmessage = (event) => {
      if (mine() && typeof event.data === "string") this.#hear(JSON.parse(event.data) as Frame);
    };
    socket.onclose = (event) => {
      if (!mine()) return;
      if (event.code === 4401) {
        this.stop();
        this.listener.refused();
        return;
      }
      if (event.code === 4409) this.feed.cursor = null;
      this.#drop();
    };
  }

  #hear(frame: Frame): void {
    const changes: Change[] = [];
    const outcome = this.feed.receive(frame, changes);
    this.heardMs = this.around.nowMs();
    if (outcome === "gap") {
      this.#drop();
    } else if (outcome === "taken") {
      this.state = "live";
      this.listener.changed(changes);
    }
    // after a problem frame the service closes the socket with the code that says what to do
  }

  #enter(state: LineState): void {
    this.state = state;
    this.listener.changed([]);
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #drop(): void {
    this.#hangUp();
    this.#failures =
      this.around.nowMs() - this.#openedMs > GOOD_AFTER_MS ? 0 : this.#failures + 1;
    const most = Math.min(PAUSE_LAST_MS, PAUSE_FIRST_MS * 2 ** this.#failures);
    this.#callOffRetry?.();
    this.#callOffRetry = this.around.after(
      PAUSE_FIRST_MS + this.around.random() * (most - PAUSE_FIRST_MS),
      () => {
        this.#callOffRetry = null;
        this.#connect("reconnecting");
      },
    );
    this.#enter("reconnecting");
  }

  #watch(): void {
    this.#callOffWatch = this.around.after(1_000, () => {
      const waitedMs = this.around.nowMs() - Math.max(this.#openedMs, this.heardMs ?? 0);
      if (this.#socket && waitedMs > DROP_AFTER_MS) this.#drop();
      else if (this.state === "live" && waitedMs > STALE_AFTER_MS) this.#enter("stale");
      else if (this.state !== "live") this.listener.changed([]);
      this.#watch();
    });
  }
}

/** The browser's own surroundings. */
export function browserSurroundings(): Surroundings {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return {
    open: () => new WebSocket(`${scheme}://${location.host}/v1/live`) as unknown as Socket,
    nowMs: () => performance.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}
