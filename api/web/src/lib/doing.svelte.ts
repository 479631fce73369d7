/** Actions on their way: asked for, sent, waiting for the network, refused. Nothing is shown as done
 * before the board says so. */

import { tell } from "./announce.svelte";
import type { Action, Values } from "./actions";
import { ask, tapKey, type Behalf, type Problem } from "./http";
import { say, t } from "./i18n.svelte";
import { serviceNowMs } from "./clock.svelte";
import { instant } from "./time";
import { session } from "./session.svelte";

const SHOWN_MS = 12_000;
/** After a yes, the row stays "sending" until its news come, at most this long. */
const SETTLE_MS = 3_000;

interface Kept {
  label: string;
  method: Action["method"];
  path: string;
  body: unknown;
  key: string;
  behalf?: Behalf;
}

const state = $state<{
  pending: Record<string, number>;
  refused: Record<string, string>;
  open: { action: Action; acts: Acts } | null;
  kept: Kept[];
}>({ pending: {}, refused: {}, open: null, kept: [] });

export type Acts = "own" | "behalf";

/** How the signed-in party does an action: by itself, or the dispatch centre for another. */
export function actsAs(action: Action): Acts | null {
  const mine = session.now?.party;
  if (mine === action.party) {
    const other = action.organisation && action.organisation !== session.now?.organisation;
    return other ? null : "own";
  }
  return mine === "dispatch" ? "behalf" : null;
}

const mark = (action: Action) => `${action.rowId} ${action.id}`;

export const doing = {
  isPending: (action: Action) => mark(action) in state.pending,
  anyPending: (rowId: string) => Object.keys(state.pending).some((key) => key.startsWith(`${rowId} `)),
  refusal: (rowId: string) => state.refused[rowId],
  get open() {
    return state.open;
  },
  get waiting() {
    return state.kept.length;
  },
};

export function forgetRefusal(rowId: string): void {
  delete state.refused[rowId];
}

/** A tap on an action's button: done at once, or asked for what it needs first. */
export function tap(action: Action): void {
  const acts = actsAs(action);
  if (!acts || doing.isPending(action)) return;
  if (acts === "own" && action.fields.length === 0 && !action.sure) void send(action, {});
  else state.open = { action, acts };
}

export function closeDialog(): void {
  state.open = null;
}

export function problemText(problem: Problem): string {
  return say("error", problem.code, "error.unknown", problem.context);
}

export async function send(action: Action, values: Values): Promise<Problem | null> {
  const tapAt = instant(serviceNowMs());
  const behalf: Behalf | undefined =
    actsAs(action) === "behalf"
      ? { party: action.party, ...(action.organisation ? { organisation: action.organisation } : {}) }
      : undefined;
  const kept: Kept = {
    label: t(action.verb),
    method: action.method,
    path: action.path,
    body: action.body(values, tapAt),
    key: tapKey(),
    ...(behalf ? { behalf } : {}),
  };
  state.pending[mark(action)] = Date.now();
  forgetRefusal(action.rowId);
  const problem = await post(kept, action.ifMatch);
  if (problem?.code === "offline" && action.keeps) {
    state.kept.push(kept);
    keep();
    delete state.pending[mark(action)];
    return null;
  }
  if (problem) {
    delete state.pending[mark(action)];
    refuse(action.rowId, problemText(problem));
  } else {
    setTimeout(() => delete state.pending[mark(action)], SETTLE_MS);
  }
  return problem;
}

/** The board has news of a row: what was sent for it is no longer pending. */
export function settle(rowId: string): void {
  for (const key of Object.keys(state.pending)) {
    if (key.startsWith(`${rowId} `)) delete state.pending[key];
  }
}

async function post(kept: Kept, ifMatch?: string): Promise<Problem | null> {
  const answer = await ask(kept.path, {
    method: kept.method,
    key: kept.key,
    ...(kept.body === undefined ? {} : { body: kept.body }),
    ...(kept.behalf ? { behalf: kept.behalf } : {}),
    ...(ifMatch ? { ifMatch } : {}),
  });
  return answer.ok ? null : answer.problem;
}

function refuse(rowId: string, text: string): void {
  state.refused[rowId] = text;
  tell(text);
  setTimeout(() => {
    if (state.refused[rowId] === text) delete state.refused[rowId];
  }, SHOWN_MS);
}

const keptUnder = () => `fairway.unsent.${session.now?.account ?? ""}`;

function keep(): void {
  localStorage.setItem(keptUnder(), JSON.stringify(state.kept));
}

/** Read what an earlier page could not send. */
export function recall(): void {
  state.kept = JSON.parse(localStorage.getItem(keptUnder()) ?? "[]") as Kept[];
}

let flushing = false;
/** Send what waits, in order, under the keys it was first sent with. */
export async function flush(): Promise<void> {
  if (flushing) return;
  flushing = true;
  try {
    for (let first = state.kept[0]; first; first = state.kept[0]) {
      const problem = await post(first);
      if (problem && (problem.code === "offline" || problem.status >= 500)) return;
      state.kept.shift();
      keep();
      if (problem) tell(`${first.label}: ${problemText(problem)}`);
    }
  } finally {
    flushing = false;
  }
}
