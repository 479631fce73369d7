/** Port time, in a zone that is not this machine's and in one that changes its clocks. */

import { describe, expect, it } from "vitest";
import { instant, minutesBetween, PortTime } from "../src/lib/time";

const port = new PortTime("Asia/Shanghai");

describe("showing", () => {
  it("is in the port's zone", () => {
    expect(port.full("2026-11-23T23:15:00Z")).toBe("2026-11-24 07:15");
    expect(port.clockS("2026-11-23T16:00:08Z")).toBe("00:00:08");
  });
  it("leaves the day out on the day itself only", () => {
    const today = "2026-11-24T01:00:00Z";
    expect(port.short("2026-11-23T23:15:00Z", today)).toBe("07:15");
    expect(port.short("2026-11-24T23:15:00Z", today)).toBe("11-25 07:15");
  });
});

describe("reading", () => {
  it("takes what it shows", () => {
    expect(port.read("2026-11-24 07:15")).toBe("2026-11-23T23:15:00Z");
    expect(port.read(" 2026/11/24 7:15 ")).toBe("2026-11-23T23:15:00Z");
  });
  it.each(["", "07:15", "2026-02-30 07:15", "2026-11-24 24:00", "2026-11-24", "11/24 8pm"])(
    "refuses %j",
    (text) => expect(port.read(text)).toBeNull(),
  );
  it("refuses what the clocks skip, and reads the hours about it", () => {
    const berlin = new PortTime("Europe/Berlin");
    expect(berlin.read("2026-03-29 02:30")).toBeNull();
    expect(berlin.read("2026-03-29 01:30")).toBe("2026-03-29T00:30:00Z");
    expect(berlin.read("2026-03-29 03:30")).toBe("2026-03-29T01:30:00Z");
  });
});

it("writes instants as requests carry them", () => {
  expect(instant(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe("2026-01-02T03:04:05Z");
  expect(minutesBetween("2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z")).toBe(90);
});
