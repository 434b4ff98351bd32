import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const HEAD = /^iteration: (\d+) \/ \d+ \| (?=\w+: )/;
const SUFFIXED = /(\w+): (\d+(?:\.\d+)?)([KMGBT])(?= \||$)/g;
const FACTORS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 };

/**
 * nanotron: `iteration: 1 / 15000 | consumed_tokens: 12.3K | elapsed_time_per_iteration_ms: 423 | lm_loss: 11.2 | ..`. A K, M, G
 * or T behind a number multiplies it.
 */
export const nanotron: LineGrammar = {
  id: "nanotron",
  title: "nanotron",
  create: () => (line, from) => {
    const head = HEAD.exec(line.slice(from));
    if (head === null) return null;
    const points: { name: string; value: number }[] = [];
    const plain = line.replace(SUFFIXED, (whole: string, name: string, number: string, suffix: string) => {
      points.push({ name, value: Number(number) * FACTORS[suffix]! });
      return " ".repeat(whole.length);
    });
    const reading = readingFromPairs(plain, { from: from + head[0].length });
    if (reading === null) return null;
    const start = from + "iteration: ".length;
    const step = { start, end: start + head[1]!.length, role: "step" } as const;
    return { ...reading, fields: [step, ...reading.fields], points, repeats: false };
  },
};
