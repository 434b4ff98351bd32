import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const SHAPE = new RegExp(
  `^\\s*(\\d+): +(${NUMBER}), +(${NUMBER}) avg(?: loss)?, +(${NUMBER}) rate, +(${NUMBER}) seconds, +(${NUMBER}) images`,
);
/** AlexeyAB's fork tests now and then, and repeats the last result below each iteration. */
const ACCURACY = new RegExp(
  `^\\s*(?:Last accuracy )?(mAP@[\\d.]+|mean_average_precision \\(mAP@[\\d.]+\\)) = +(${NUMBER})`,
);
const NAMES = ["loss", "avg loss", "rate", "seconds", "images"];

/** Darknet: `4259: 0.034688, 0.045240 avg loss, 0.001000 rate, 0.923000 seconds, 272576 images`; the second number is smoothed. */
export const darknet: LineGrammar = {
  id: "darknet",
  title: "Darknet",
  create: () => (line) => {
    const match = SHAPE.exec(line);
    if (match === null) {
      const accuracy = ACCURACY.exec(line);
      if (accuracy === null) return null;
      const start = line.indexOf(accuracy[2]!, accuracy[0].length - accuracy[2]!.length);
      const point: LineField = { start, end: start + accuracy[2]!.length, role: "point", name: accuracy[1]! };
      return { fields: [point], literals: [[0, start]] };
    }
    let at = 0;
    const fields = match.slice(1).map((text, i): LineField => {
      const start = line.indexOf(text, at);
      at = start + text.length;
      return i === 0
        ? { start, end: at, role: "step" }
        : { start, end: at, role: "point", name: NAMES[i - 1]! };
    });
    return { fields };
  },
};
