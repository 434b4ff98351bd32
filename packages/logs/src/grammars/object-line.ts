import { axisFromName, isMetricName, isTagName } from "../axes.ts";
import { readingFromObject } from "../text/object-reading.ts";
import { scanObject, type Leaf } from "../text/object-scanner.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";

/** A line that is one JSON object, as most training code writes them; a comma may follow it. */
export const objectLine: LineGrammar = {
  id: "jsonl",
  title: "JSON lines",
  record: true,
  long: true,
  create() {
    let iterates = false;
    return (line, start) => {
      if (line[start] !== "{" || line[start + 1] === "'") return null;
      const object = scanObject(line, start);
      if (object === null) return null;
      const rest = line.slice(object.end);
      if (rest.startsWith("{")) return readingOfGlued(line, start);
      if (!/^\s*,?\s*$/.test(rest)) return null;
      const reading = readingFromObject(line, object, start);
      const has = (key: string): boolean => object.leaves.some(({ path }) => path === key);
      // MMEngine counts iterations in `step` and `iter`, but epochs in the `step` of a validation, which has no `iter`.
      if (has("step") && has("iter")) iterates = true;
      else if (iterates && has("step")) return { ...reading, aside: true };
      return isData(object.leaves, reading) ? { ...reading, certainty: "beside" } : reading;
    };
  },
};

/** Reads objects that two writers, or one that lost a line's end, put into one line. */
function readingOfGlued(line: string, start: number): LineReading | null {
  const readings: LineReading[] = [];
  for (let at = start; line[at] === "{";) {
    const object = scanObject(line, at);
    if (object === null) return null;
    readings.push({ ...readingFromObject(line, object, at), repeats: false });
    at = object.end;
    if (line.slice(at).trim() === "") return readings.reduceRight((next, reading) => ({ ...reading, next }));
  }
  return null;
}

/** Tells a sample of a data set: it has text beside its numbers, and neither a place nor a name that measures. */
function isData(leaves: readonly Leaf[], { fields }: LineReading): boolean {
  const says = ({ path }: Leaf): boolean => {
    const axis = axisFromName(path);
    return axis === "step" || axis === "epoch" || isMetricName(path) || isTagName(path);
  };
  const points = fields.filter(({ role }) => role === "point");
  return (
    points.length > 0 &&
    leaves.some(
      ({ kind, path, start, end }) => kind === "string" && end > start && !says({ kind, path, start, end }),
    ) &&
    !leaves.some(says) &&
    !points.some(({ name }) => isMetricName(name ?? ""))
  );
}
