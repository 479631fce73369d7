/** Words for a movement that several views show: why it is when it is. */

import { rowOf } from "./board.svelte";
import { clock } from "./clock.svelte";
import { language, t } from "./i18n.svelte";
import { nameOf, port, shortName } from "./port.svelte";
import { reasonText, type Names } from "./reasons";
import type { Movement, Reason, TimeChange } from "./rows";
import { minutesBetween } from "./time";

function resourceName(id: string): string {
  const resource = rowOf("resource", id);
  return resource ? (language.now === "zh" ? resource.name_zh : resource.name_en) : nameOf(id);
}

export const names: Names = {
  place: nameOf,
  movement: (id) => rowOf("movement", id)?.vessel.name ?? id,
  resource: resourceName,
  instant: (at) => port.time.short(at, clock.minuteMs),
};

export function reasonWords(reason: Reason): string {
  const said = [reasonText(reason.rule, reason.params, language.now, names)];
  const ships = reason.movements.map(names.movement);
  if (ships.length > 0) said.push(t("why.with", { names: ships.join(" / ") }));
  if (reason.others) said.push(t("why.others", { n: reason.others }));
  const crews = (reason.resources ?? []).map(names.resource);
  if (crews.length > 0) said.push(t("why.resources", { names: crews.join(" / ") }));
  if (reason.gain_min) said.push(t("why.gain", { minutes: reason.gain_min }));
  return said.join(" · ");
}

/** A change of planned time in one line, without its reasons. */
export function changeWords(change: TimeChange, today: number): string {
  const shown = (at: string) => port.time.short(at, today);
  if (change.from_at && change.to_at) {
    const minutes = minutesBetween(change.from_at, change.to_at);
    const by = t(minutes > 0 ? "change.later" : "change.earlier", { minutes: Math.abs(minutes) });
    return `${t("change.moved", { from: shown(change.from_at), to: shown(change.to_at) })} · ${by}`;
  }
  if (change.from_at) return t("change.lost", { from: shown(change.from_at) });
  return change.to_at ? t("change.first", { to: shown(change.to_at) }) : "";
}

/** Why a time changed: "no earlier" alone says little where something also keeps the ship waiting. */
export function changeReasons(movement: Movement): Reason[] {
  const told = movement.change?.reasons ?? [];
  const telling = told.filter((reason) => reason.rule !== "requested_window");
  const waits = movement.wait_reasons ?? [];
  if (telling.length > 0 || waits.length === 0) return [...telling, ...told.filter((reason) => !telling.includes(reason))];
  return [...waits.slice(0, 1), ...told];
}

/** A planned start that is longer ago than this and of which nothing was reported. */
const OVERDUE_AFTER_MIN = 15;

export interface Why {
  tone: "amber" | "alert" | "soft";
  text: string;
}

/** What a row says of its time: that it moved and why, that it has none and why, or why it waits. */
export function why(movement: Movement, today: number): Why | null {
  if (movement.state === "completed" || movement.state === "withdrawn") return null;
  if (!movement.planned) {
    const first = movement.unplaced_reasons?.[0];
    if (!first) return { tone: "soft", text: t("why.awaiting_plan") };
    return { tone: "alert", text: t("why.unplaced", { reason: reasonWords(first) }) };
  }
  const behind = Math.round((today - Date.parse(movement.planned.start_at)) / 60_000);
  if (movement.state === "planned" && behind > OVERDUE_AFTER_MIN) {
    return { tone: "alert", text: t("why.overdue", { minutes: behind }) };
  }
  const change = movement.change;
  if (change?.from_at && change.from_at !== change.to_at) {
    const first = changeReasons(movement)[0];
    const moved = changeWords(change, today);
    return { tone: "amber", text: first ? `${moved} · ${reasonWords(first)}` : moved };
  }
  const minutes = minutesBetween(movement.requested_at, movement.planned.start_at);
  const first = movement.wait_reasons?.[0];
  if (first && minutes > 0) {
    return { tone: "soft", text: `${t("why.waiting", { minutes })} · ${reasonWords(first)}` };
  }
  return null;
}

export function routeOf(movement: Movement, name = shortName): { from: string; to: string } {
  const from = movement.planned?.from_place ?? movement.from_place;
  const to = movement.planned?.to_place ?? movement.berths[0];
  return {
    from: name(movement.kind === "entry" ? (from ?? movement.boarding_place) : from),
    to: name(movement.kind === "exit" ? (to ?? movement.boarding_place) : to),
  };
}

/** What an action is about, for people: the ship, or the row's own id. */
export function subject(rowId: string): string {
  const service = rowOf("service", rowId);
  if (service) return `${service.vessel_name} · ${resourceName(service.resource_id)}`;
  const movement = rowOf("movement", rowId);
  if (movement) return movement.vessel.name;
  if (rowOf("resource", rowId)) return resourceName(rowId);
  return rowId === "restrictions" ? "" : rowId;
}
