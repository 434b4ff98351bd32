import { axisFromName, stepPreference } from "../axes.ts";
import type { LineField, LineReading } from "./line-reading.ts";
import { pairsOf, seriesFromWords, type Pair } from "./pairs.ts";

/** How a grammar reads the pairs of its lines. */
export interface PairOptions {
  /** `key 1.5` is a pair too. */
  readonly loose?: boolean;
  /** Where the pairs begin. */
  readonly from: number;
  /** Goes before each name as `tag/`. */
  readonly tag?: string;
  /** Renames or drops (null) a series. */
  readonly rename?: (name: string) => string | null;
  /** Commas group thousands. */
  readonly grouped?: boolean;
}

/** Reads a line of pairs: axis names place it, the others are points; null where there is neither. */
export function readingFromPairs(line: string, options: PairOptions): LineReading | null {
  const pairs = pairsOf(line, options.from, options.loose === true, options.grouped === true);
  if (pairs.length === 0) return null;
  let step: Pair | null = null;
  for (const pair of pairs) {
    if (axisFromName(pair.name) !== "step") continue;
    if (step === null || stepPreference(pair.name) < stepPreference(step.name)) step = pair;
  }
  const fields: LineField[] = [];
  const literals: (readonly [number, number])[] = [];
  for (const pair of pairs) {
    literals.push([pair.nameStart, pair.nameEnd]);
    const axis = axisFromName(pair.name);
    const span = { start: pair.start, end: pair.end, ...(options.grouped === true ? { grouped: true } : {}) };
    if (axis === "time" && pair.unit === "") continue;
    if (axis !== null && axis !== "time") {
      if (axis !== "step" || pair === step) fields.push({ ...span, role: axis });
      continue;
    }
    const named = seriesFromWords(pair.name);
    const name = options.rename === undefined ? named : options.rename(named);
    if (name === null) continue;
    fields.push({
      ...span,
      role: "point",
      unit: pair.unit,
      name: options.tag === undefined ? name : `${options.tag}/${name}`,
    });
  }
  return fields.length === 0 ? null : { fields, literals };
}
