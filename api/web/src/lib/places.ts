/** Names of places for crowded rows: pure. */

export interface Bilingual {
  zh: string;
  en: string;
}

/** A name without what stands in brackets and without "boarding place". */
export function shortened(name: Bilingual): Bilingual {
  const bare = (text: string) => text.replace(/ *[（(][^）)]*[）)]/g, "");
  const en = bare(name.en)
    .replace(/ (?:pilot )?boarding place$/i, "")
    .replace(/^pilot boarding place (\w)/i, (_, first: string) => first.toUpperCase());
  return { zh: bare(name.zh).replace(/(?:引航员)?登离轮点$/, ""), en };
}

/** A name and the number at its end: where room is short, the number of a berth has to stay. */
export function splitNumber(name: string): [string, string] {
  const found = /^(.*?[^\d\s-])(\s*[A-Z]?\d[\w.-]*)$/.exec(name);
  return found ? [found[1] ?? "", found[2] ?? ""] : [name, ""];
}
