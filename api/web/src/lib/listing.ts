/** What a list shows and in which order: pure. */

import { toldOf, type Figures } from "./certainty";
import type { Movement, MovementKind, Party, Service } from "./rows";

export type MovementFilter =
  | "all"
  | "open"
  | "to_answer"
  | "moved"
  | "unplaced"
  | "under_way"
  | "finished";
export type SortKey = "planned" | "requested" | "vessel" | "kind" | "state" | "route" | "holds" | "caused";
export interface Sorting {
  key: SortKey;
  down: boolean;
}

const LAST = "9999";

/** The time a movement is ordered by: what happened, else what is planned, else what was asked for. */
export function plannedOrder(movement: Movement): string {
  return movement.actual_start_at ?? movement.planned?.start_at ?? movement.requested_at;
}

function sortText(movement: Movement, key: Exclude<SortKey, "holds" | "caused">): string {
  switch (key) {
    case "planned":
      return movement.planned?.start_at ?? movement.actual_start_at ?? LAST;
    case "requested":
      return movement.requested_at;
    case "vessel":
      return movement.vessel.name;
    case "kind":
      return movement.kind;
    case "state":
      return movement.state;
    case "route":
      return movement.planned?.to_place ?? movement.berths[0] ?? "";
  }
}

/** What cannot be told of a movement comes last, whichever way. */
function sortNumber(movement: Movement, sorting: Sorting, figures: Figures | null): number {
  const chance = toldOf(movement, figures)?.chance;
  if (!chance) return sorting.down ? -Infinity : Infinity;
  return sorting.key === "holds" ? chance.holds : chance.caused_min;
}

export function sorted(
  movements: Movement[],
  sorting: Sorting,
  figures: Figures | null = null,
): Movement[] {
  const sign = sorting.down ? -1 : 1;
  const key = sorting.key;
  const by =
    key === "holds" || key === "caused"
      ? (movement: Movement) => sortNumber(movement, sorting, figures)
      : (movement: Movement) => sortText(movement, key);
  const values = new Map(movements.map((movement) => [movement, by(movement)]));
  return [...movements].sort((left, right) => {
    const a = values.get(left) ?? "";
    const b = values.get(right) ?? "";
    if (a !== b) return a < b ? -sign : sign;
    const early = plannedOrder(left).localeCompare(plannedOrder(right));
    return early !== 0 ? early : left.id.localeCompare(right.id, undefined, { numeric: true });
  });
}

export function isFinished(movement: Movement): boolean {
  return movement.state === "completed" || movement.state === "withdrawn";
}

/** Whether a service waits for its party's answer. */
export function awaitsAnswer(service: Service): boolean {
  return service.status === "requested" || service.status === "received";
}

/** Whether a movement waits for maritime review. */
export function awaitsClearance(movement: Movement): boolean {
  return (
    !isFinished(movement) &&
    movement.planned !== null &&
    (movement.clearance === "requested" || movement.clearance === "received")
  );
}

/** Whether the party that reads has something to answer about the movement. */
export function awaits(movement: Movement, services: Service[], party: Party): boolean {
  if (isFinished(movement)) return false;
  if (party === "maritime") return awaitsClearance(movement);
  if (party === "pilotage" || party === "towage") return services.some(awaitsAnswer);
  return awaitsClearance(movement) || services.some(awaitsAnswer);
}

export function passes(
  movement: Movement,
  services: Service[],
  filter: MovementFilter,
  party: Party,
): boolean {
  switch (filter) {
    case "all":
      return true;
    case "open":
      return !isFinished(movement);
    case "to_answer":
      return awaits(movement, services, party);
    case "moved":
      return isMoved(movement);
    case "unplaced":
      return movement.state === "declared" && movement.planned === null;
    case "under_way":
      return movement.state === "under_way";
    case "finished":
      return isFinished(movement);
  }
}

/** Whether its planned time is another than the one first published. */
export function isMoved(movement: Movement): boolean {
  const change = movement.change;
  return !!change && change.from_at !== null && change.from_at !== change.to_at && !isFinished(movement);
}

export function found(query: string, ...texts: (string | null | undefined)[]): boolean {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = texts.filter(Boolean).join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

export function ofKind(movement: Movement, kind: MovementKind | "any"): boolean {
  return kind === "any" || movement.kind === kind;
}
