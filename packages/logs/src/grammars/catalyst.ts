import type { LineField, LineGrammar } from "../text/line-reading.ts";
import { readingFromPairs } from "../text/pair-reading.ts";

const HEAD = /^(train|valid|infer|test)\w* \((\d+)\/\d+\) +(?=[\w@-]+: )/;

/** Catalyst: `train (1/3) loss: 0.51 | lr: 0.001`, `valid (1/3) loss: 0.61`; the number in brackets is the epoch. */
export const catalyst: LineGrammar = {
  id: "catalyst",
  title: "Catalyst",
  create: () => (line, from) => {
    const head = HEAD.exec(line.slice(from));
    if (head === null) return null;
    const [whole, tag, number] = head as unknown as [string, string, string];
    const reading = readingFromPairs(line, { from: from + whole.length, tag });
    if (reading === null) return null;
    const start = from + whole.indexOf("(") + 1;
    const epoch: LineField = { start, end: start + number.length, role: "epoch" };
    const literals = [[from, start] as const, ...(reading.literals ?? [])];
    return { ...reading, fields: [epoch, ...reading.fields], literals };
  },
};
