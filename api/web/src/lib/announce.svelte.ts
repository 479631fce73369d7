/** What the screen reader is told politely, and which rows have just changed. */

import type { Change } from "./feed";
import { t } from "./i18n.svelte";
import { port } from "./port.svelte";
import type { Movement } from "./rows";

const MARK_MS = 8_000;
/** More changes of time than this at once are told as a number. */
const MOST_TOLD = 2;

export const spoken = $state({ text: "" });
let fresh = $state.raw<ReadonlySet<string>>(new Set());

/** Whether a movement got another time in the last seconds. */
export function isFresh(id: string): boolean {
  return fresh.has(id);
}

export function announce(changes: Change[]): void {
  const moved = changes.filter((change): change is Change & { before: Movement; after: Movement } => {
    const before = change.before as Movement | undefined;
    const after = change.after as Movement | undefined;
    return (
      change.type === "movement" &&
      !!before?.planned &&
      !!after?.planned &&
      before.planned.start_at !== after.planned.start_at
    );
  });
  if (moved.length === 0) return;
  fresh = new Set([...fresh, ...moved.map((change) => change.id)]);
  setTimeout(() => {
    const gone = new Set(moved.map((change) => change.id));
    fresh = new Set([...fresh].filter((id) => !gone.has(id)));
  }, MARK_MS);
  spoken.text =
    moved.length > MOST_TOLD
      ? t("change.announce_many", { n: moved.length })
      : moved
          .map(({ before, after }) =>
            t("change.announce", {
              vessel: after.vessel.name,
              from: port.time.clock(before.planned?.start_at ?? ""),
              to: port.time.clock(after.planned?.start_at ?? ""),
            }),
          )
          .join(" ");
}

export function tell(text: string): void {
  spoken.text = text;
}
