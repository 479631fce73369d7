/** What can be done to a row, by whom, and what it asks for: pure descriptions, sent elsewhere. */

import { reportable } from "./events";
import { isFinished } from "./listing";
import type { Declaration, EventRow, Movement, Outage, Party, Proposal, Resource, Restriction, Service } from "./rows";
import type { Key } from "./texts";

export type FieldKind = "choice" | "text" | "time" | "number" | "tick" | "segments" | "place";

export interface Field {
  name: string;
  label: Key;
  kind: FieldKind;
  needed?: boolean;
  options?: { value: string; label: Key }[];
  /** Shown and sent only while another field has this value. */
  when?: { field: string; is: string[] };
  start?: "now" | string;
}

export type Values = Record<string, string | number | boolean | string[] | null>;

export interface Action {
  /** Tells it from the row's other actions. */
  id: string;
  rowId: string;
  verb: Key;
  party: Party;
  /** Of the party, where it has several. */
  organisation?: string;
  method: "POST" | "PUT" | "DELETE";
  path: string;
  fields: Field[];
  body(values: Values, tapAt: string): unknown;
  tone: "plain" | "main" | "danger";
  /** Asks once more before it is sent. */
  sure?: Key;
  ifMatch?: string;
  /** May wait for the network and be sent later, as it carries its own time. */
  keeps?: boolean;
}

const codes = (...names: string[]) =>
  names.map((name) => ({ value: name, label: `reason_code.${name}` as Key }));

const DECLINE_PILOTAGE = codes("rest_needed", "sick", "not_qualified", "occupied", "weather", "unsafe", "other");
const DECLINE_TOWAGE = codes("defect", "maintenance", "pull_too_low", "occupied", "manning", "weather", "other");
const MARITIME = codes("documents_missing", "inspection", "traffic", "manning", "draught_doubtful", "weather", "security", "other");
const LATE = codes("late_arrival", "early_arrival", "cargo_delay", "weather", "crew", "defect", "other");

const remark: Field = { name: "remark", label: "dialog.remark", kind: "text" };
const reason = (options: Field["options"]): Field => ({
  name: "reason",
  label: "dialog.reason",
  kind: "choice",
  needed: true,
  options: options ?? [],
});
const said: Field = { name: "reason", label: "dialog.reason", kind: "text", needed: true };
const asGiven = (values: Values) => values;

export function serviceActions(service: Service): Action[] {
  if (service.status === "cancelled") return [];
  const own = {
    rowId: service.id,
    party: service.kind === "pilotage" ? ("pilotage" as const) : ("towage" as const),
    organisation: service.organisation,
    method: "POST" as const,
  };
  const actions: Action[] = [];
  if (service.status === "requested" || service.status === "received") {
    actions.push({
      ...own,
      id: "confirm",
      verb: "verb.confirm",
      path: `/services/${service.id}/confirm`,
      fields: [],
      body: () => ({ seen_start_at: service.planned_start_at }),
      tone: "main",
    });
  }
  if (service.status !== "denied") {
    actions.push({
      ...own,
      id: "decline",
      verb: "verb.decline",
      path: `/services/${service.id}/decline`,
      fields: [reason(service.kind === "pilotage" ? DECLINE_PILOTAGE : DECLINE_TOWAGE), remark],
      body: asGiven,
      tone: "plain",
    });
  }
  return actions;
}

const CONDITION: Field[] = [
  {
    name: "kind",
    label: "dialog.kind",
    kind: "choice",
    needed: true,
    options: [
      { value: "daylight_only", label: "condition.daylight_only" },
      { value: "not_before", label: "condition.not_before_name" },
      { value: "after_movement", label: "condition.after_movement_name" },
      { value: "extra_tug", label: "condition.extra_tug_name" },
    ],
  },
  { name: "at", label: "dialog.at", kind: "time", needed: true, when: { field: "kind", is: ["not_before"] } },
  { name: "movement_id", label: "dialog.after_movement", kind: "text", needed: true, when: { field: "kind", is: ["after_movement"] } },
  { name: "gap_min", label: "dialog.gap_min", kind: "number", start: "0", when: { field: "kind", is: ["after_movement"] } },
  { name: "count", label: "dialog.count", kind: "number", needed: true, start: "1", when: { field: "kind", is: ["extra_tug"] } },
];

const WAIVABLE = [
  "under_keel_clearance", "alongside_clearance", "air_draught", "daylight", "visibility", "wind",
  "headway", "no_overtaking", "one_way", "meeting_limit", "safety_zone", "boarding_slot", "tugs",
].map((rule) => ({ value: rule, label: `rule.${rule}` as Key }));

export function clearanceActions(movement: Movement): Action[] {
  if (isFinished(movement)) return [];
  const own = { rowId: movement.id, party: "maritime" as const, method: "POST" as const };
  const at = `/movements/${movement.id}`;
  const before = movement.state !== "under_way";
  const answer = movement.clearance;
  const actions: Action[] = [];
  if (movement.planned && answer !== "confirmed") {
    const seen = movement.planned.start_at;
    actions.push({ ...own, id: "clear", verb: "verb.clear", path: `${at}/clear`, fields: [], body: () => ({ seen_start_at: seen }), tone: "main" });
  }
  if (before && (answer === "held" || answer === "denied")) {
    actions.push({ ...own, id: "release", verb: "verb.release", path: `${at}/release`, fields: [], body: () => ({}), tone: "plain" });
  }
  if (before && answer !== "held" && answer !== "denied") {
    actions.push({ ...own, id: "hold", verb: "verb.hold", path: `${at}/hold`, fields: [reason(MARITIME), remark], body: asGiven, tone: "plain" });
  }
  if (before && answer !== "denied") {
    actions.push({ ...own, id: "reject", verb: "verb.reject", path: `${at}/reject`, fields: [reason(MARITIME), remark], body: asGiven, tone: "plain" });
  }
  if (before) {
    actions.push({ ...own, id: "condition", verb: "verb.condition", path: `${at}/conditions`, fields: CONDITION, body: asGiven, tone: "plain" });
  }
  actions.push({
    ...own,
    id: "waive",
    verb: "verb.waive",
    path: `${at}/waivers`,
    fields: [
      { name: "rule", label: "dialog.rule", kind: "choice", needed: true, options: WAIVABLE },
      said,
      { name: "expires_at", label: "dialog.expires_at", kind: "time", needed: true },
    ],
    body: asGiven,
    tone: "plain",
  });
  return actions;
}

export function removeCondition(movement: Movement, conditionId: string): Action {
  return {
    id: `condition-${conditionId}`,
    rowId: movement.id,
    verb: "verb.remove_condition",
    party: "maritime",
    method: "DELETE",
    path: `/movements/${movement.id}/conditions/${conditionId}`,
    fields: [],
    body: () => undefined,
    tone: "plain",
  };
}

/** What a party does to a movement besides answering: estimates, priority, pin. */
export function movementActions(movement: Movement, party: Party): Action[] {
  const open = movement.state === "declared" || movement.state === "planned";
  if (!open) return [];
  const at = `/movements/${movement.id}`;
  const own = { rowId: movement.id, party, method: "POST" as const, tone: "plain" as const };
  const actions: Action[] = [];
  if (party !== "towage") {
    actions.push({
      ...own,
      id: "estimate",
      verb: "verb.estimate",
      path: `${at}/estimate`,
      fields: [
        { name: "estimated_at", label: "dialog.at", kind: "time", needed: true, start: movement.planned?.start_at ?? movement.requested_at },
        reason(LATE),
      ],
      body: asGiven,
    });
  }
  if (party === "dispatch") {
    const pinned = movement.pinned;
    actions.push({
      ...own,
      id: "priority",
      verb: "verb.priority",
      path: `${at}/priority`,
      fields: [{ name: "priority", label: "dialog.priority", kind: "number", needed: true, start: String(movement.priority) }],
      body: asGiven,
    });
    if (pinned || movement.planned) {
      actions.push({ ...own, id: "pin", verb: pinned ? "verb.unpin" : "verb.pin", path: `${at}/pin`, fields: [], body: () => ({ pinned: !pinned }) });
    }
  }
  return actions;
}

/** Report one event at the time of the tap. */
export function tapEvent(movement: Movement, kind: string, party: Party): Action {
  return {
    id: `event-${kind}`,
    rowId: movement.id,
    verb: `event.${kind}` as Key,
    party,
    method: "POST",
    path: `/movements/${movement.id}/events`,
    fields: [],
    body: (_, tapAt) => ({ kind, actual_at: tapAt }),
    tone: "main",
    keeps: true,
  };
}

export function reportAction(movement: Movement, party: Party): Action | null {
  const kinds = reportable(movement, party);
  if (kinds.length === 0 || movement.state === "withdrawn") return null;
  const force: Field[] = party === "dispatch"
    ? [{ name: "force", label: "dialog.force", kind: "tick" }, { ...said, when: { field: "force", is: ["true"] } }]
    : [];
  return {
    id: "report",
    rowId: movement.id,
    verb: "verb.report",
    party,
    method: "POST",
    path: `/movements/${movement.id}/events`,
    fields: [
      { name: "kind", label: "dialog.event", kind: "choice", needed: true, options: kinds.map((kind) => ({ value: kind, label: `event.${kind}` as Key })) },
      { name: "actual_at", label: "dialog.at", kind: "time", needed: true, start: "now" },
      ...force,
    ],
    body: asGiven,
    tone: "plain",
  };
}

export function correctActions(event: EventRow, movement: Movement, party: Party): Action[] {
  const own = { rowId: movement.id, party, method: "POST" as const, path: `/events/${event.id}/correction`, tone: "plain" as const };
  return [
    {
      ...own,
      id: `correct-${event.id}`,
      verb: "verb.correct",
      fields: [{ name: "actual_at", label: "dialog.at", kind: "time", needed: true, start: event.actual_at }],
      body: asGiven,
    },
    { ...own, id: `cancel-${event.id}`, verb: "verb.cancel_event", fields: [], body: () => ({ cancelled: true }), sure: "verb.cancel_event" },
  ];
}

const RESTRICTION_KINDS = ["closure", "berth_closed", "visibility", "wind", "water_level"].map((kind) => ({
  value: kind,
  label: `restriction.${kind}` as Key,
}));

/** Maritime review closes segments; the dispatch centre sets every kind of limit. */
export function restrictAction(party: Party): Action {
  const kinds = party === "dispatch" ? RESTRICTION_KINDS : RESTRICTION_KINDS.filter(({ value }) => value !== "berth_closed" && value !== "water_level");
  return {
    id: "restrict",
    rowId: "restrictions",
    verb: "verb.restrict",
    party,
    method: "POST",
    path: "/restrictions",
    fields: [
      { name: "kind", label: "dialog.kind", kind: "choice", needed: true, options: kinds, start: "closure" },
      { name: "segments", label: "dialog.segments", kind: "segments", when: { field: "kind", is: ["closure", "visibility"] } },
      { name: "place", label: "dialog.place", kind: "place", needed: true, when: { field: "kind", is: ["berth_closed", "water_level"] } },
      { name: "value_m", label: "dialog.value_m", kind: "number", needed: true, when: { field: "kind", is: ["visibility"] } },
      { name: "value_mps", label: "dialog.value_mps", kind: "number", needed: true, when: { field: "kind", is: ["wind"] } },
      { name: "value_level_m", label: "dialog.value_level_m", kind: "number", needed: true, when: { field: "kind", is: ["water_level"] } },
      { name: "from_at", label: "dialog.from_at", kind: "time", needed: true, start: "now" },
      { name: "to_at", label: "dialog.to_at", kind: "time" },
      said,
    ],
    body: ({ value_m, value_mps, value_level_m, ...rest }) => {
      const value = value_m ?? value_mps ?? value_level_m;
      // the dialog says that none chosen is the whole channel; the service wants to hear it
      if (rest.kind === "closure" && !(rest.segments as string[])?.length) rest.segments = "all";
      return value === undefined ? rest : { ...rest, value };
    },
    tone: "plain",
  };
}

export function liftAction(restriction: Restriction, party: Party): Action {
  return { id: "lift", rowId: restriction.id, verb: "verb.lift", party, method: "DELETE", path: `/restrictions/${restriction.id}`, fields: [], body: () => undefined, tone: "plain", sure: "verb.lift" };
}

export function outageActions(resource: Resource, outages: Outage[]): Action[] {
  const own = { rowId: resource.id, party: resource.pool === "pilots" ? ("pilotage" as const) : ("towage" as const), organisation: resource.organisation, tone: "plain" as const };
  const back = outages.map((outage): Action => ({ ...own, id: `back-${outage.id}`, verb: "verb.back", method: "DELETE", path: `/outages/${outage.id}`, fields: [], body: () => undefined }));
  const out: Action = {
    ...own,
    id: "out",
    verb: "verb.out",
    method: "POST",
    path: `/resources/${resource.id}/outages`,
    fields: [
      { name: "from_at", label: "dialog.from_at", kind: "time", needed: true, start: "now" },
      { name: "to_at", label: "dialog.to_at", kind: "time" },
      said,
    ],
    body: asGiven,
  };
  return outages.length > 0 ? back : [out];
}

export function proposalActions(proposal: Proposal): Action[] {
  if (proposal.state !== "open") return [];
  const own = { rowId: proposal.id, party: "dispatch" as const, method: "POST" as const, fields: [], body: () => ({}) };
  return [
    { ...own, id: "publish", verb: "verb.publish", path: `/proposals/${proposal.id}/publish`, tone: "main", sure: "verb.publish" },
    { ...own, id: "discard", verb: "verb.discard", path: `/proposals/${proposal.id}/discard`, tone: "plain" },
  ];
}

export function withdrawAction(declaration: Declaration, party: Party): Action {
  return {
    id: "withdraw",
    rowId: declaration.id,
    verb: "verb.withdraw",
    party: party === "dispatch" ? "dispatch" : "company",
    method: "DELETE",
    path: `/declarations/${declaration.id}`,
    ifMatch: `"${declaration.revision}"`,
    fields: [],
    body: () => undefined,
    tone: "danger",
    sure: "verb.withdraw_sure",
  };
}
