/** A berth's number is never what is left out of its name. */

import { describe, expect, it } from "vitest";
import { shortened, splitNumber } from "../src/lib/places";

describe("a name for a crowded row", () => {
  it("leaves out what every boarding place is called", () => {
    const told = { zh: "桂山引航员登离轮点（18GS）", en: "Guishan pilot boarding place (18GS)" };
    expect(shortened(told)).toEqual({ zh: "桂山", en: "Guishan" });
    const south = { zh: "大蜘洲南登离轮点", en: "Pilot boarding place south of Dazhizhou" };
    expect(shortened(south)).toEqual({ zh: "大蜘洲南", en: "South of Dazhizhou" });
  });
  it("is split before the number at its end", () => {
    expect(splitNumber("Shazai Ro-Ro Terminal 7")).toEqual(["Shazai Ro-Ro Terminal", " 7"]);
    expect(splitNumber("沙仔岛汽车滚装码头10")).toEqual(["沙仔岛汽车滚装码头", "10"]);
    expect(splitNumber("Xinsha N2-1")).toEqual(["Xinsha", " N2-1"]);
    expect(splitNumber("Guishan")).toEqual(["Guishan", ""]);
    expect(splitNumber("12")).toEqual(["12", ""]);
  });
});
