/** Which pages each party's console has; the first is where it starts. */

import type { Party } from "./rows";

export type Page =
  | "movements"
  | "pilotage"
  | "towage"
  | "restrictions"
  | "fleet"
  | "declarations"
  | "proposals";

const PAGES: Record<Party, Page[]> = {
  company: ["movements", "declarations", "restrictions"],
  pilotage: ["pilotage", "movements", "fleet", "restrictions"],
  towage: ["towage", "movements", "fleet", "restrictions"],
  maritime: ["movements", "restrictions"],
  dispatch: ["movements", "pilotage", "towage", "restrictions", "fleet", "declarations", "proposals"],
};

export function pagesOf(party: Party): Page[] {
  return PAGES[party];
}
