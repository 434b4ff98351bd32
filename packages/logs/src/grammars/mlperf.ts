import { scanObject } from "../text/object-scanner.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const MARK = ":::MLLOG {";

/**
 * MLPerf logging: `:::MLLOG {"time_ms": .., "key": "eval_accuracy", "value": 0.79, "metadata": {"epoch_num": 3}}`, behind any
 * prefix. The key names the series; an object for a value (`tracked_stats`) gives `key/name`. Step and epoch are in the
 * metadata, or a count of samples.
 */
export const mlperf: LineGrammar = {
  id: "mlperf",
  title: "MLPerf :::MLLOG",
  record: true,
  long: true,
  create: () => (line) => {
    const mark = line.indexOf(MARK);
    if (mark < 0) return null;
    const start = mark + MARK.length - 1;
    const object = scanObject(line, start);
    if (object === null) return null;
    const { leaves } = object;
    const key = leaves.find((leaf) => leaf.path === "key");
    if (key === undefined) return null;
    const samples = leaves.some((leaf) => /^metadata\/(?:step_num|step|epoch_num)$/.test(leaf.path));
    const fields: LineField[] = [];
    const strings: (readonly [number, number])[] = [];
    for (const { path, kind, start, end } of leaves) {
      if (kind === "string" && path !== "key") strings.push([start, end]);
      if (kind !== "number") continue;
      const named = path === "value" ? "" : path.startsWith("value/") ? path.slice("value".length) : null;
      if (named !== null) {
        fields.push({ start, end, role: "point", name: line.slice(key.start, key.end) + named });
      } else if (path === "time_ms") fields.push({ start, end, role: "time" });
      else if (path === "metadata/step_num" || path === "metadata/step")
        fields.push({ start, end, role: "step" });
      else if (path === "metadata/epoch_num") fields.push({ start, end, role: "epoch" });
      else if (path === "metadata/samples_count" && !samples) fields.push({ start, end, role: "step" });
    }
    return { fields, strings, literals: [[start, object.end]] };
  },
};
