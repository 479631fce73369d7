/** Who is signed in, for as long as the tab lives; why not, if not. */

import type { Party } from "./rows";

const KEPT = "fairway.session";

export interface Session {
  token: string;
  expires_at: string;
  account: string;
  organisation: string;
  party: Party;
}

function kept(): Session | null {
  const text = sessionStorage.getItem(KEPT);
  return text ? (JSON.parse(text) as Session) : null;
}

export const session = $state<{ now: Session | null; notice: "expired" | "out" | null }>({
  now: kept(),
  notice: null,
});

export function begin(opened: Session): void {
  sessionStorage.setItem(KEPT, JSON.stringify(opened));
  session.now = opened;
  session.notice = null;
}

function end(notice: "expired" | "out"): void {
  sessionStorage.removeItem(KEPT);
  session.now = null;
  session.notice = notice;
}

export function expire(): void {
  if (session.now) end("expired");
}

export function leave(): void {
  end("out");
}
