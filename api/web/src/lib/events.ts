/** Which events a movement has, in order, and who reports them; the service has the last word. */

import type { EventRow, Movement, MovementKind, Party, Service } from "./rows";

const TUGS = ["tugs_stand_by", "tugs_dismissed"];
const LADDERS: Record<MovementKind, string[]> = {
  entry: [
    "tugs_stand_by", "pilot_on_board", "passage_started", "first_line_secured", "all_fast",
    "anchored", "pilot_off", "tugs_dismissed",
  ],
  exit: [
    "tugs_stand_by", "pilot_on_board", "cast_off", "passage_started", "all_clear", "pilot_off",
    "passage_ended", "tugs_dismissed",
  ],
  shift: [
    "tugs_stand_by", "pilot_on_board", "cast_off", "passage_started", "all_clear",
    "first_line_secured", "all_fast", "anchored", "pilot_off", "tugs_dismissed",
  ],
};
/** Steps that are another way of doing the one before them; crews are not asked for these. */
const RARE = new Set(["passage_started", "passage_ended", "anchored"]);

/** Whether a party reports an event of movements it serves. */
export function reports(party: Party, kind: string): boolean {
  switch (party) {
    case "dispatch":
      return true;
    case "towage":
      return TUGS.includes(kind);
    case "pilotage":
      return !TUGS.includes(kind) && kind !== "passage_started" && kind !== "passage_ended";
    case "company":
      return !TUGS.includes(kind) && kind !== "pilot_on_board" && kind !== "pilot_off";
    case "maritime":
      return RARE.has(kind);
  }
}

/** An event that is the last word: neither replaced nor a cancellation. */
export function holds(event: EventRow): boolean {
  return !event.corrected_by && !event.cancelled;
}

export function reported(movement: Movement): Map<string, EventRow> {
  return new Map((movement.events ?? []).filter(holds).map((event) => [event.kind, event]));
}

/** Every event that a party could report of a movement now. */
export function reportable(movement: Movement, party: Party): string[] {
  const done = reported(movement);
  return LADDERS[movement.kind].filter((kind) => reports(party, kind) && !done.has(kind));
}

export interface Step {
  kind: string;
  at: string | null;
}

/** The steps of a crew's job in order; `confirm` is its own answer to the job. */
export function ladder(movement: Movement, service: Service, party: Party): Step[] {
  const done = reported(movement);
  const steps = LADDERS[movement.kind].filter(
    (kind) => reports(party, kind) && (!RARE.has(kind) || done.has(kind)),
  );
  const answered = service.status === "confirmed" && !service.reconfirm;
  return [
    { kind: "confirm", at: answered ? (service.confirmed_start_at ?? service.planned_start_at) : null },
    ...steps.map((kind) => ({ kind, at: done.get(kind)?.actual_at ?? null })),
  ];
}

/** The one thing a crew does next; null when its job is done. A later step done covers earlier ones. */
export function nextStep(steps: Step[]): Step | null {
  const last = steps.findLastIndex((step) => step.at !== null && step.kind !== "confirm");
  if (steps[0]?.at === null && last < 0) return steps[0];
  return steps.slice(Math.max(last, 0) + 1).find((step) => step.at === null) ?? null;
}
