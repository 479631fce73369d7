/** Day, dusk or night: a set of CSS variables, kept for the next time. */

export const THEMES = ["day", "dusk", "night"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = "fairway.theme";

function first(): Theme {
  const kept = localStorage.getItem(KEPT);
  return THEMES.find((theme) => theme === kept) ?? "dusk";
}

export const theme = $state<{ now: Theme }>({ now: first() });

export function wear(next: Theme): void {
  theme.now = next;
  localStorage.setItem(KEPT, next);
  document.documentElement.dataset["theme"] = next;
}
