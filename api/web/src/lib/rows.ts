/** The rows of a board as the service sends them; what a party may not see is absent. */

export type Party = "company" | "pilotage" | "towage" | "maritime" | "dispatch";
export type Board = "company" | "pilotage" | "towage" | "maritime" | "port";
export type MovementKind = "entry" | "exit" | "shift";
export type Approval = "requested" | "received" | "confirmed" | "held" | "denied" | "cancelled";

/** An instant: ISO 8601 in UTC with Z. */
export type Instant = string;

export const BOARD_OF: Record<Party, Board> = {
  company: "company",
  pilotage: "pilotage",
  towage: "towage",
  maritime: "maritime",
  dispatch: "port",
};

export interface Row {
  id: string;
}

export type Params = Record<string, string | number | boolean | null>;

export interface Reason {
  rule: string;
  movements: string[];
  resources?: string[];
  params: Params;
  gain_min?: number;
  /** How many movements of other companies are meant and not named. */
  others?: number;
}

export interface EventRow {
  id: string;
  kind: string;
  actual_at: Instant;
  reported_at: Instant;
  reported_by?: string;
  on_behalf_of?: string | null;
  corrected_by: string | null;
  cancelled?: boolean;
}

export interface Leg {
  segment: string;
  enter_at: Instant;
  leave_at: Instant;
}

export interface Planned {
  start_at: Instant;
  end_at: Instant;
  from_place: string | null;
  to_place: string | null;
  passage?: Leg[];
  plan_version: number;
}

export interface VesselRow {
  name: string;
  imo: string;
  mmsi: string;
  call_sign: string;
  flag: string;
  vessel_type: string;
  loa_m: number;
  beam_m: number;
  gt: number;
  dwt_t: number;
  air_draught_m: number;
  dangerous_goods: boolean;
}

export interface Condition {
  id: string;
  kind: string;
  at: Instant | null;
  movement_id?: string | null;
  gap_min: number;
  count: number;
}

export interface Waiver {
  id: string;
  rule: string;
  reason: string;
  signed_by: string;
  expires_at: Instant;
}

export interface TimeChange {
  from_at: Instant | null;
  to_at: Instant | null;
  reasons: Reason[];
  plan_version: number;
}

export interface Movement extends Row {
  call_id?: string;
  call_ref?: string;
  declaration_id?: string;
  company?: string;
  sequence: number;
  kind: MovementKind;
  vessel: VesselRow;
  draught_m: number;
  cargo?: string;
  berths: string[];
  from_place: string | null;
  boarding_place: string | null;
  requested_at: Instant;
  latest_at?: Instant;
  estimated_at: Instant | null;
  priority: number;
  pinned: boolean;
  state: "declared" | "planned" | "under_way" | "completed" | "withdrawn";
  clearance: Approval;
  clearance_reason?: string | null;
  clearance_reconfirm?: boolean;
  conditions?: Condition[];
  waivers?: Waiver[];
  declined?: string[];
  planned: Planned | null;
  actual_start_at: Instant | null;
  actual_end_at: Instant | null;
  events?: EventRow[];
  wait_reasons?: Reason[];
  unplaced_reasons?: Reason[];
  change?: TimeChange | null;
  breaches?: { rule: string; status: string; params: Params }[];
  executable: boolean;
  revision: number;
}

export interface Service extends Row {
  movement_id: string;
  kind: "pilotage" | "towage";
  need: string;
  resource_id: string;
  organisation: string;
  vessel_name: string;
  vessel_type: string;
  loa_m: number;
  movement_kind: MovementKind;
  planned_start_at: Instant;
  planned_end_at: Instant;
  from_place: string;
  to_place: string;
  status: Approval;
  confirmed_start_at: Instant | null;
  reconfirm: boolean;
  reason: string | null;
}

export interface Restriction extends Row {
  kind: string;
  from_at: Instant;
  to_at: Instant | null;
  segments: string[];
  place: string | null;
  value: number | null;
  reason: string;
  set_by?: string;
}

export interface Outage extends Row {
  resource_id: string;
  organisation: string;
  from_at: Instant;
  to_at: Instant | null;
  reason: string;
}

export interface Resource extends Row {
  pool: "pilots" | "tugs";
  organisation: string;
  name_zh: string;
  name_en: string;
  grade: string | null;
  pull_t: number | null;
  home: string;
  out: boolean;
  out_from_at: Instant | null;
  out_to_at: Instant | null;
  reason: string | null;
}

export interface Declaration extends Row {
  company: string;
  reference: string;
  state: "accepted" | "withdrawn";
  revision: number;
  movement_ids: string[];
  declared_at: Instant;
  declared_by: string;
}

export interface PlanRow extends Row {
  version: number;
  published_at: Instant;
  placed?: number;
  unplaced?: number;
  moved?: number;
}

export interface Proposal extends Row {
  based_on_version: number;
  gain_min: number;
  changes: { movement_id?: string; from_at: Instant | null; to_at: Instant | null }[];
  made_at: Instant;
  state: string;
}

export interface Rows {
  movement: Movement;
  service: Service;
  restriction: Restriction;
  outage: Outage;
  resource: Resource;
  declaration: Declaration;
  plan: PlanRow;
  proposal: Proposal;
}
