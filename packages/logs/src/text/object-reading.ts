import { axisFromName, isTagName, isTagValue, stepPreference } from "../axes.ts";
import { AVERAGE } from "../document/record.ts";
import type { LineField, LineReading } from "./line-reading.ts";
import type { Leaf, ScannedObject } from "./object-scanner.ts";

/**
 * Reads what an object says: its axis fields place it, a text field such as `mode: "train"` names its tag, a pair like
 * `metric: "loss", value: 0.3` is one point of `loss`, and every other number is a point of the series of its path.
 */
export function readingFromObject(line: string, object: ScannedObject, start: number): LineReading {
  const { leaves } = object;
  const long = longForm(line, leaves);
  const tag = tagOf(line, leaves, long?.name ?? null);
  const step = stepOf(leaves);
  const time = timeOf(line, leaves);
  const fields: LineField[] = [];
  const strings: (readonly [number, number])[] = [];
  let average: LineField | undefined;
  let final = false;
  for (const leaf of leaves) {
    const axis = axisFromName(leaf.path);
    const span = { start: leaf.start, end: leaf.end };
    if (leaf.kind === "string") {
      if (axis === "time" && isClock(line.slice(leaf.start, leaf.end)))
        fields.push({ ...span, role: "clock" });
      else if (leaf !== tag?.leaf && leaf !== long?.name) strings.push([leaf.start, leaf.end]);
      continue;
    }
    if (leaf.kind !== "number") continue;
    if (axis !== null) {
      const unused = (axis === "step" && leaf !== step) || (axis === "time" && leaf !== time);
      if (!unused) fields.push({ ...span, role: axis });
      continue;
    }
    const named = leaf === long?.value ? line.slice(long.name.start, long.name.end) : leaf.path;
    const field: LineField = { ...span, role: "point", name: tag === null ? named : `${tag.text}/${named}` };
    fields.push(field);
    if (leaf.path === "train_runtime") final = true;
    if (leaf.path === "train_loss") average = field;
  }
  const reading = { fields, strings, literals: [[start, object.end] as const] };
  if (!final || average === undefined) return reading;
  return {
    ...reading,
    events: [{ kind: "average", message: AVERAGE, metric: average.name ?? "train_loss", field: average }],
  };
}

function tagOf(line: string, leaves: readonly Leaf[], not: Leaf | null): { leaf: Leaf; text: string } | null {
  for (const leaf of leaves) {
    if (leaf === not) continue;
    if (leaf.kind !== "string" || leaf.end === leaf.start || leaf.end - leaf.start > 100) continue;
    const text = line.slice(leaf.start, leaf.end);
    if (isTagName(leaf.path) || isTagValue(leaf.path, text)) return { leaf, text };
  }
  return null;
}

/** A record that holds the name of a metric and its value under keys of their own. */
function longForm(line: string, leaves: readonly Leaf[]): { name: Leaf; value: Leaf } | null {
  const name = leaves.find(
    (leaf) => leaf.kind === "string" && /^(?:metric|metric_name|tag|key|name)$/.test(leaf.path),
  );
  const value = leaves.find((leaf) => leaf.kind === "number" && leaf.path === "value");
  if (name === undefined || value === undefined) return null;
  return line.slice(name.start, name.end) === "" ? null : { name, value };
}

function stepOf(leaves: readonly Leaf[]): Leaf | null {
  let best: Leaf | null = null;
  for (const leaf of leaves) {
    if (leaf.kind !== "number" || axisFromName(leaf.path) !== "step") continue;
    if (best === null || stepPreference(leaf.path) < stepPreference(best.path)) best = leaf;
  }
  return best;
}

/** The leaf that says when: a stamp before a duration (`_runtime`). */
function timeOf(line: string, leaves: readonly Leaf[]): Leaf | null {
  const times = leaves.filter(
    (leaf) =>
      axisFromName(leaf.path) === "time" &&
      (leaf.kind === "number" || (leaf.kind === "string" && isClock(line.slice(leaf.start, leaf.end)))),
  );
  return times.find((leaf) => leaf.path !== "_runtime") ?? times[0] ?? null;
}

function isClock(text: string): boolean {
  return /^\d{4}[-/]\d\d[-/]\d\d[T _]\d\d[:-]\d\d[:-]\d\d/.test(text);
}
