/** Arrow keys in a table of rows: one row takes the Tab key, Enter opens it. */

import type { Action } from "svelte/action";

interface Roving {
  onenter(id: string): void;
  onmove(id: string): void;
}

export const rove: Action<HTMLElement, Roving> = (table, roving) => {
  let { onenter, onmove } = roving;

  function rows(): HTMLElement[] {
    return [...table.querySelectorAll<HTMLElement>("tbody tr[data-id]")];
  }

  function onkey(event: KeyboardEvent): void {
    const at = (event.target as HTMLElement).closest<HTMLElement>("tr[data-id]");
    // a button in the row has its own Enter; arrows move on from it, too
    const inside = at !== event.target;
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = rows();
    const here = all.indexOf(at);
    const next: Record<string, number> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      PageDown: here + 12,
      PageUp: here - 12,
      Home: 0,
      End: all.length - 1,
    };
    const wanted = next[event.key];
    if (wanted !== undefined) {
      const row = all[Math.max(0, Math.min(all.length - 1, wanted))];
      event.preventDefault();
      row?.focus();
    } else if (event.key === "Enter" && !inside) {
      event.preventDefault();
      onenter(at.dataset["id"] ?? "");
    }
  }

  function onfocus(event: FocusEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("tr[data-id]");
    if (row?.dataset["id"]) onmove(row.dataset["id"]);
  }

  table.addEventListener("keydown", onkey);
  table.addEventListener("focusin", onfocus);
  return {
    update(now: Roving) {
      ({ onenter, onmove } = now);
    },
    destroy() {
      table.removeEventListener("keydown", onkey);
      table.removeEventListener("focusin", onfocus);
    },
  };
};
