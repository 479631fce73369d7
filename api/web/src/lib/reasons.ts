/** From a rule's reason to words: a sentence, its figures with units, who is in the way. */

import type { Params } from "./rows";
import { fill, isKey, TEXTS, type Key, type Lang } from "./texts";

/** How the reader names places and ships. */
export interface Names {
  place(id: string): string;
  movement(id: string): string;
  resource(id: string): string;
  instant(at: string): string;
}

const PLACES = new Set([
  "segment", "place", "berth", "quay", "node", "boarding_place", "station", "from_place", "to_place",
]);

/** A figure with its unit, from the unit suffix of its name; null for what is not meant for people. */
export function figure(name: string, value: unknown): string | null {
  if (typeof value !== "number") return null;
  if (name === "count") return `${value}`;
  if (name.endsWith("_mm")) return `${(value / 1000).toFixed(2)} m`;
  if (name.endsWith("_mms")) return `${(value / 1000).toFixed(1)} m/s`;
  if (name.endsWith("_kg")) return `${(value / 1000).toFixed(0)} t`;
  if (name.endsWith("_m")) return `${value} m`;
  if (name.endsWith("_t")) return `${value} t`;
  if (name.endsWith("_min") || name.endsWith("_ticks")) return `${value} min`;
  if (name.endsWith("_permille")) return `${(value / 10).toFixed(1)} %`;
  return null;
}

/** `need_mm` is told as `need`: the words are by what is measured, the unit by the suffix. */
function wordOf(name: string): Key | null {
  const key = `figures.${name.replace(/_(mm|mms|kg|m|t|min|ticks|permille|at)$/, "")}`;
  return isKey(key) ? key : null;
}

function told(name: string, value: Params[string], lang: Lang, names: Names): string | null {
  if (typeof value === "string" && PLACES.has(name)) return names.place(value);
  if (typeof value === "string" && name.endsWith("_at")) {
    const word = wordOf(name);
    return word ? fill(TEXTS[lang][word], { value: names.instant(value) }) : null;
  }
  const amount = figure(name, value);
  if (amount === null) return null;
  const word = wordOf(name);
  return word ? fill(TEXTS[lang][word], { value: amount }) : null;
}

/** The figures of a reason or breach in one bracket, or nothing. */
export function figuresText(params: Params, lang: Lang, names: Names): string {
  const texts = TEXTS[lang];
  const list = Object.entries(params)
    .map(([name, value]) => told(name, value, lang, names))
    .filter((text): text is string => text !== null);
  return list.length === 0
    ? ""
    : fill(texts["figures.wrap"], { list: list.join(texts["figures.separator"]) });
}

/** One sentence for a reason: what binds, its figures. */
export function reasonText(rule: string, params: Params, lang: Lang, names: Names): string {
  const key = `reason.${rule}`;
  const figures = figuresText(params, lang, names);
  return fill(TEXTS[lang][isKey(key) ? key : "reason.unknown"], { rule, figures });
}

export function ruleName(rule: string, lang: Lang): string {
  const key = `rule.${rule}`;
  return isKey(key) ? TEXTS[lang][key] : rule;
}
