/** Texts in both languages; the Chinese file is the source, a key missing in English is a type error. */

import en from "../../../i18n/en.json";
import zh from "../../../i18n/zh.json";

export type Lang = "zh" | "en";
export type Key = keyof typeof zh;
export type Values = Record<string, string | number>;

export const TEXTS: Record<Lang, Record<Key, string>> = { zh, en };

/** Put values in the places of a text; a place without a value stays empty. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function isKey(key: string): key is Key {
  return key in zh;
}
