/** The language in use; what reads a text through `t` is shown anew when it changes. */

import { fill, isKey, TEXTS, type Key, type Lang, type Values } from "./texts";

const KEPT = "fairway.lang";

function first(): Lang {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEPT);
  return asked === "en" ? "en" : "zh";
}

export const language = $state<{ now: Lang }>({ now: first() });

export function speak(lang: Lang): void {
  language.now = lang;
  localStorage.setItem(KEPT, lang);
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
}

/** A text in the language in use. */
export function t(key: Key, values?: Values): string {
  return fill(TEXTS[language.now][key], values);
}

/** The text of a code that the service sent, or another text where there is none for it. */
export function say(prefix: string, code: string, otherwise: Key, values: Values = {}): string {
  const key = `${prefix}.${code}`;
  return t(isKey(key) ? key : otherwise, { code, ...values });
}
