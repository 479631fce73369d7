/** What the port is made of: names in both languages, its zone, its marks. */

import { language } from "./i18n.svelte";
import type { Lang } from "./texts";
import { PortTime } from "./time";

export interface Bilingual {
  zh: string;
  en: string;
}

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
  berths?: Named[];
  anchorages?: Named[];
  boarding_places?: Named[];
  organisations?: Named[];
  companies?: Named[];
  stations?: Named[];
  bases?: Named[];
}

export interface ClockInfo {
  now: string;
  simulated: boolean;
  speed: number;
}

interface Known {
  info: PortInfo | null;
  clock: ClockInfo | null;
  time: PortTime;
  names: ReadonlyMap<string, Bilingual>;
}

let known = $state.raw<Known>({
  info: null,
  clock: null,
  time: new PortTime("UTC"),
  names: new Map(),
});

const GROUPS = [
  "nodes",
  "segments",
  "berths",
  "anchorages",
  "boarding_places",
  "organisations",
  "companies",
  "stations",
  "bases",
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
  for (const group of GROUPS) for (const item of info[group] ?? []) names.set(item.id, item.name);
  known = { info, clock, time: new PortTime(info.zone), names };
}

/** The name of a place, segment or organisation in the language in use, or its id. */
export function nameOf(id: string | null | undefined): string {
  if (!id) return "";
  const name = known.names.get(id);
  return name ? name[language.now] : id;
}

export function inLanguage(name: Bilingual, lang: Lang = language.now): string {
  return name[lang];
}
