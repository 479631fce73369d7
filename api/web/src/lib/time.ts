/** Port time: every instant shown is in the port's zone, never in the browser's. */

interface Local {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

export class PortTime {
  readonly #parts: Intl.DateTimeFormat;

  /** `zone` is an IANA name, as `Asia/Shanghai`. */
  constructor(readonly zone: string) {
    this.#parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  }

  #local(at: string | number): Local {
    const found: Record<string, string> = {};
    for (const part of this.#parts.formatToParts(new Date(at))) found[part.type] = part.value;
    return found as unknown as Local;
  }

  /** `2026-11-24` */
  day(at: string | number): string {
    const { year, month, day } = this.#local(at);
    return `${year}-${month}-${day}`;
  }

  /** `07:15` */
  clock(at: string | number): string {
    const { hour, minute } = this.#local(at);
    return `${hour}:${minute}`;
  }

  /** `07:15:08` */
  clockS(at: string | number): string {
    const { hour, minute, second } = this.#local(at);
    return `${hour}:${minute}:${second}`;
  }

  /** `07:15`, or `11-25 07:15` where it is not the day of `today`. */
  short(at: string, today: string | number): string {
    return this.day(at) === this.day(today) ? this.clock(at) : this.full(at).slice(5);
  }

  /** `2026-11-24 07:15`, as people write it in a form. */
  full(at: string | number): string {
    return `${this.day(at)} ${this.clock(at)}`;
  }

  /**
   * Read what people write in a form (`2026-11-24 07:15`) as port time; null where it is no time,
   * or one that the port's clocks skip.
   */
  read(text: string): string | null {
    const found = /^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]+(\d{1,2}):(\d{2})\s*$/.exec(text);
    if (!found) return null;
    const [year, month, day, hour, minute] = found.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    // the zone's offset is looked up at the guess, and once more where the guess crossed a change
    let at = wall;
    for (let turn = 0; turn < 2; turn += 1) at = wall - this.#offsetMs(at);
    const pad = (value: number) => String(value).padStart(2, "0");
    const wanted = `${year}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}`;
    return this.full(at) === wanted ? instant(at) : null;
  }

  #offsetMs(at: number): number {
    const { year, month, day, hour, minute, second } = this.#local(at);
    return Date.UTC(+year, +month - 1, +day, +hour, +minute, +second) - Math.floor(at / 1000) * 1000;
  }
}

/** ISO 8601 in UTC with Z, to the second: the form that requests carry. */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19) + "Z";
}

export function minutesBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
}
