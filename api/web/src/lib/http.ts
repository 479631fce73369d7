/** Requests to the service: problem+json as values, a key for every tap. */

import { session, expire } from "./session.svelte";

export interface Fault {
  code: string;
  params: Record<string, string | number>;
  pointer?: string;
  row?: number | null;
  column?: string | null;
}

/** A refusal, or no answer at all (`offline`, status 0). */
export interface Problem {
  code: string;
  status: number;
  context: Record<string, string | number>;
  faults: Fault[];
}

export type Answer<T> = { ok: true; body: T } | { ok: false; problem: Problem };

export interface Behalf {
  party: string;
  organisation?: string;
}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  form?: FormData;
  /** Tells this tap from every other; sent again unchanged when it is tried again. */
  key?: string;
  ifMatch?: string;
  behalf?: Behalf;
}

/** A random key; `crypto.randomUUID` is only there on https and localhost. */
export function tapKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function headersOf(ask: Ask): Headers {
  const headers = new Headers({ Accept: "application/json" });
  if (session.now) headers.set("Authorization", `Bearer ${session.now.token}`);
  if (ask.body !== undefined) headers.set("Content-Type", "application/json");
  if (ask.key) headers.set("Idempotency-Key", ask.key);
  if (ask.ifMatch) headers.set("If-Match", ask.ifMatch);
  if (ask.behalf) {
    const { party, organisation } = ask.behalf;
    headers.set("Fairway-On-Behalf-Of", organisation ? `${party}:${organisation}` : party);
    headers.set("Fairway-Read-Back", "true");
  }
  return headers;
}

function noAnswer(code: string, status: number): Problem {
  return { code, status, context: {}, faults: [] };
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const body = (await answer.json()) as Record<string, unknown>;
    return {
      code: typeof body["code"] === "string" ? body["code"] : `http-${answer.status}`,
      status: answer.status,
      context: (body["context"] ?? body) as Problem["context"],
      faults: (body["violations"] ?? []) as Fault[],
    };
  } catch {
    return noAnswer(`http-${answer.status}`, answer.status);
  }
}

/** Ask the service; never throws for what the service or the network does. */
export async function ask<T = unknown>(path: string, ask: Ask = {}): Promise<Answer<T>> {
  let answer: Response;
  try {
    answer = await fetch(`/v1${path}`, {
      method: ask.method ?? "GET",
      headers: headersOf(ask),
      body: ask.form ?? (ask.body === undefined ? null : JSON.stringify(ask.body)),
      cache: "no-store",
    });
  } catch {
    return { ok: false, problem: noAnswer("offline", 0) };
  }
  if (answer.ok) {
    const text = await answer.text();
    return { ok: true, body: (text ? JSON.parse(text) : null) as T };
  }
  const problem = await problemOf(answer);
  // a wrong password is an answer to the form; anything else with 401 ends the session
  if (answer.status === 401 && path !== "/sessions") expire();
  return { ok: false, problem };
}

/** Fetch a file that needs the session, and hand it to the browser to keep. */
export async function download(path: string, name: string): Promise<boolean> {
  try {
    const answer = await fetch(`/v1${path}`, { headers: headersOf({}) });
    if (!answer.ok) return false;
    const address = URL.createObjectURL(await answer.blob());
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    link.click();
    URL.revokeObjectURL(address);
    return true;
  } catch {
    return false;
  }
}
