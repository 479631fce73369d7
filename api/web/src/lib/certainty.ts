/** How certain planned times are: what of the figures applies to a movement, and when to ask: pure. */

import type { Instant, Movement, Party } from "./rows";

export interface Chance {
  movement_id: string;
  company: string | null;
  /** Chance that it starts no later than planned and the tolerance, 0 to 1. */
  holds: number;
  delay_min: number;
  /** What nine days in ten stay within. */
  late_min: number;
  /** Minutes that others are late for each minute that this one is. */
  caused_min: number;
}

export interface Certainty {
  plan_version: number;
  at: Instant;
  samples: number;
  tolerance_min: number;
  movements: Chance[];
  /** The worst few, worst first. */
  keystones: string[];
}

/** The figures with their movements by id. */
export interface Figures {
  version: number;
  toleranceMin: number;
  chances: ReadonlyMap<string, Chance>;
  keystones: ReadonlySet<string>;
}

const READERS: readonly Party[] = ["dispatch", "maritime", "company"];
const LISTERS: readonly Party[] = ["dispatch", "maritime"];

/** Whether the service tells a party how certain times are; to a company of its own ships. */
export function mayRead(party: Party): boolean {
  return READERS.includes(party);
}

/** Whether a party's list of movements tells it, too. */
export function mayList(party: Party): boolean {
  return LISTERS.includes(party);
}

export function figuresOf(told: Certainty): Figures {
  const chances = new Map(told.movements.map((chance) => [chance.movement_id, chance]));
  return {
    version: told.plan_version,
    toleranceMin: told.tolerance_min,
    chances,
    keystones: new Set(told.keystones),
  };
}

/** Asked again at the earliest: after an answer, and after none. */
export const AGAIN_MS = 10_000;
export const RETRY_MS = 15_000;

export interface Asked {
  /** The version that the figures are of; null before the first. */
  version: number | null;
  asking: boolean;
  /** When it was asked last, and whether that failed. */
  lastMs: number | null;
  failed: boolean;
}

/** Whether to ask now: for a plan version newer than the figures', one question at a time, seldom. */
export function due(asked: Asked, boardVersion: number, nowMs: number): boolean {
  if (asked.asking || boardVersion < 1) return false;
  if (asked.version !== null && asked.version >= boardVersion) return false;
  if (asked.lastMs === null) return true;
  return nowMs - asked.lastMs >= (asked.failed ? RETRY_MS : AGAIN_MS);
}

/** What is told of a movement, and whether its own time is newer than that. */
export interface Told {
  chance: Chance;
  keystone: boolean;
  outdated: boolean;
}

/** Only what waits for its planned time has a certainty. */
export function applies(movement: Movement): boolean {
  return movement.state === "planned" && movement.planned !== null;
}

export function toldOf(movement: Movement, figures: Figures | null): Told | null {
  const chance = figures?.chances.get(movement.id);
  if (!figures || !chance || !applies(movement)) return null;
  return {
    chance,
    keystone: figures.keystones.has(movement.id),
    outdated: (movement.planned?.plan_version ?? 0) > figures.version,
  };
}

/** A chance as whole per cent: never a hundred of what is not certain, nor nothing of what is possible. */
export function percent(holds: number): number {
  if (holds > 0 && holds < 1) return Math.min(99, Math.max(1, Math.round(holds * 100)));
  return Math.round(holds * 100);
}
