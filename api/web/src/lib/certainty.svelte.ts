/** The figures of certainty that the views share: asked for only while one of them is looked at. */

import { board, rowsOf } from "./board.svelte";
import { due, figuresOf, type Asked, type Certainty, type Figures } from "./certainty";
import { problemText } from "./doing.svelte";
import { ask, type Problem } from "./http";
import { session } from "./session.svelte";

const LOOK_MS = 2_000;

interface Kept {
  /** Of whom the figures are: another who signs in must not see them. */
  token: string;
  figures: Figures | null;
  asking: boolean;
  lastMs: number | null;
  problem: Problem | null;
}

let kept = $state.raw<Kept | null>(null);
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function mine(): Kept | null {
  return kept && kept.token === session.now?.token ? kept : null;
}

function boardVersion(): number {
  return rowsOf("plan").reduce((newest, plan) => Math.max(newest, plan.version), 0);
}

async function read(token: string): Promise<void> {
  const before = mine();
  kept = { token, figures: before?.figures ?? null, asking: true, lastMs: before?.lastMs ?? null, problem: before?.problem ?? null };
  const answer = await ask<Certainty>("/plan/certainty");
  if (kept?.token !== token) return;
  const figures = answer.ok ? figuresOf(answer.body) : kept.figures;
  kept = { token, figures, asking: false, lastMs: performance.now(), problem: answer.ok ? null : answer.problem };
}

/** Ask if there is something newer to know; `now` leaves out the wait between two questions. */
function look(now = false): void {
  const token = session.now?.token;
  if (!token || document.hidden) return;
  const known = mine();
  const asked: Asked = {
    version: known?.figures?.version ?? null,
    asking: known?.asking ?? false,
    lastMs: now ? null : (known?.lastMs ?? null),
    failed: !!known?.problem,
  };
  if (due(asked, boardVersion(), performance.now())) void read(token);
}

/** Keep the figures up to date until what is returned is called. */
export function watchCertainty(): () => void {
  watchers += 1;
  if (watchers === 1) timer = setInterval(() => look(), LOOK_MS);
  look();
  return () => {
    watchers -= 1;
    if (watchers === 0) clearInterval(timer);
  };
}

export const certainty = {
  get figures(): Figures | null {
    return mine()?.figures ?? null;
  },
  get asking(): boolean {
    return mine()?.asking ?? false;
  },
  /** Why the last question had no answer, in words. */
  get refused(): string {
    const problem = mine()?.problem;
    return problem ? problemText(problem) : "";
  },
  /** The plan version that the board shows, where it is newer than the figures'; else 0. */
  get newer(): number {
    const version = board.loaded ? boardVersion() : 0;
    const known = mine()?.figures;
    return known && known.version < version ? version : 0;
  },
  /** Whether there is a plan to be certain of. */
  get planned(): boolean {
    return boardVersion() > 0;
  },
  retry: () => look(true),
};
