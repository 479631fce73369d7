/** What the port is made of: names in both languages, its zone, its marks. */

import { language, t } from "./i18n.svelte";
import { shortened, type Bilingual } from "./places";
import type { Key, Lang } from "./texts";
import { PortTime } from "./time";

export interface Named {
  id: string;
  name: Bilingual;
}

export interface PortInfo {
  name: Bilingual;
  zone: string;
  warning?: Bilingual;
  nodes?: Named[];
  segments?: Named[];
  berths?: (Named & { terminal?: Bilingual; number?: string })[];
  anchorages?: Named[];
  boarding_places?: Named[];
  areas?: (Bilingual & { id: string })[];
  companies?: Named[];
  tug_companies?: Named[];
  pilot_stations?: Named[];
  tug_bases?: Named[];
  resources?: { id: string; name_zh: string; name_en: string }[];
}

export interface ClockInfo {
  now: string;
  simulated: boolean;
  speed: number;
}

/** Parties that are one organisation in every port. */
const SINGLE: Record<string, Key> = {
  PILOT: "party.pilotage",
  MSA: "party.maritime",
  PORT: "party.dispatch",
};

interface Known {
  info: PortInfo | null;
  clock: ClockInfo | null;
  time: PortTime;
  names: ReadonlyMap<string, Bilingual>;
  shorts: ReadonlyMap<string, Bilingual>;
}

let known = $state.raw<Known>({
  info: null,
  clock: null,
  time: new PortTime("UTC"),
  names: new Map(),
  shorts: new Map(),
});

const GROUPS = [
  "nodes",
  "segments",
  "berths",
  "anchorages",
  "boarding_places",
  "companies",
  "tug_companies",
  "pilot_stations",
] as const;

/** The port as it is known by now; replaced as a whole, never changed in place. */
export const port = {
  get info() {
    return known.info;
  },
  get clock() {
    return known.clock;
  },
  get time() {
    return known.time;
  },
};

export function learn(info: PortInfo, clock: ClockInfo): void {
  const names = new Map<string, Bilingual>();
  for (const { id, zh, en } of info.areas ?? []) names.set(id, { zh, en });
  for (const group of GROUPS) for (const item of info[group] ?? []) names.set(item.id, item.name);
  // a base has the id of the place where it is, which keeps its name
  for (const { id, name } of info.tug_bases ?? []) if (!names.has(id)) names.set(id, name);
  for (const { id, name_zh, name_en } of info.resources ?? []) names.set(id, { zh: name_zh, en: name_en });
  const shorts = new Map([...names].map(([id, name]) => [id, shortened(name)] as const));
  for (const { id, terminal, number } of info.berths ?? []) {
    if (!terminal || !number) continue;
    const { zh, en } = shortened(terminal);
    shorts.set(id, { zh: zh + number, en: `${en} ${number}` });
  }
  known = { info, clock, time: new PortTime(info.zone), names, shorts };
}

/** The name of a place for a crowded row. */
export function shortName(id: string | null | undefined): string {
  const name = id ? known.shorts.get(id) : undefined;
  return name ? name[language.now] : nameOf(id);
}

/** The name of a place, segment or organisation in the language in use, or its id. */
export function nameOf(id: string | null | undefined): string {
  if (!id) return "";
  const name = known.names.get(id);
  if (name) return name[language.now];
  const party = SINGLE[id];
  return party ? t(party) : id;
}

export function inLanguage(name: Bilingual, lang: Lang = language.now): string {
  return name[lang];
}
