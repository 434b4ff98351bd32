import { axisFromName } from "../axes.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { scanObject } from "../text/object-scanner.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

/** The time, then a place in the code, the key, and what it says. */
const LINE = new RegExp(
  `:::MLPv0\\.[56]\\.\\d+ +\\S+ +(${NUMBER}) +\\([^)]*\\) (\\w+): +(?="?(${NUMBER})"?\\s*$|\\{)`,
);

/**
 * MLPerf's first rounds: `:::MLPv0.5.0 ncf 1541511868.397 (ncf.py:123) eval_accuracy: {"epoch": 1, "value": 0.61}`, or a number
 * alone. The key names the series.
 */
export const mlperfOld: LineGrammar = {
  id: "mlperf-old",
  title: "MLPerf before 0.7",
  create: () => (line) => {
    const match = LINE.exec(line);
    if (match === null) return null;
    const [whole, time, key, number] = match as unknown as [string, string, string, string?];
    const timeAt = match.index + whole.indexOf(` ${time} `) + 1;
    const keyAt = match.index + whole.lastIndexOf(`${key}:`);
    const fields: LineField[] = [{ start: timeAt, end: timeAt + time.length, role: "time" }];
    const end = match.index + whole.length;
    const mark = [match.index, match.index + ":::MLPv0.5.0".length] as const;
    const epoch = /(?:^|_)epoch$/.test(key);
    if (number !== undefined) {
      const start = line.indexOf(number, end);
      const span = { start, end: start + number.length };
      fields.push(epoch ? { ...span, role: "epoch" } : { ...span, role: "point", name: key });
      return { fields, literals: [mark, [keyAt, end]] };
    }
    const object = scanObject(line, end);
    if (object === null) return null;
    for (const { path, kind, start, end } of object.leaves) {
      if (kind !== "number") continue;
      const axis = axisFromName(path);
      if (axis === "step" || axis === "epoch") fields.push({ start, end, role: axis });
      else if (path === "value" && epoch) fields.push({ start, end, role: "epoch" });
      else fields.push({ start, end, role: "point", name: path === "value" ? key : `${key}/${path}` });
    }
    return { fields, literals: [mark, [keyAt, object.end]], repeats: false };
  },
};
