import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";

const ITERATION = new RegExp(
  `^\\s*(\\d+): +(${NUMBER}), +(${NUMBER}) avg(?: loss)?, +(${NUMBER}) rate, +(${NUMBER}) seconds, +(${NUMBER}) images`,
);
/** AlexeyAB's fork tests now and then, and repeats the last result below each iteration. */
const ACCURACY = new RegExp(
  `^\\s*(?:Last accuracy )?(mAP@[\\d.]+|mean[_ ]average[_ ]precision \\(mAP@[\\d.]+\\)) = +(${NUMBER})`,
);
/** What a layer makes of its share of the batch; AlexeyAB's fork writes the settings of its loss before. */
const LAYER = /^(?:v\d \([^()]*\([^()]*\)+ )?((?:Region|Detection)(?: \d+)?) (?=Avg (?:IOU: |\(IOU: ))/;
const MEASURE = new RegExp(`([A-Za-z.][\\w.]*(?: [A-Za-z]\\w*)*)(?::| =) +(${NUMBER})`, "g");
const NAMES = ["loss", "avg loss", "rate", "seconds", "images"];

/**
 * Darknet: `4259: 0.034688, 0.045240 avg loss, 0.001000 rate, 0.923000 seconds, 272576 images`; the second number is smoothed. The
 * lines of the layers (`Region 82 Avg IOU: 0.25, Class: 0.5, .., count: 5`) stand before that of their iteration.
 */
export const darknet: LineGrammar = {
  id: "darknet",
  title: "Darknet",
  create: () => (line, from) => {
    const match = ITERATION.exec(line);
    if (match !== null) return iterationLine(line, match);
    const layer = LAYER.exec(line.slice(from));
    if (layer !== null) return layerLine(line, from + layer[0].length, layer[1]!);
    const accuracy = ACCURACY.exec(line);
    if (accuracy === null) return null;
    const start = line.indexOf(accuracy[2]!, accuracy[0].length - accuracy[2]!.length);
    const point: LineField = { start, end: start + accuracy[2]!.length, role: "point", name: accuracy[1]! };
    return { fields: [point], literals: [[0, start]] };
  },
};

function iterationLine(line: string, match: RegExpExecArray): LineReading {
  let at = 0;
  const fields = match.slice(1).map((text, i): LineField => {
    const start = line.indexOf(text, at);
    at = start + text.length;
    return i === 0
      ? { start, end: at, role: "step" }
      : { start, end: at, role: "point", name: NAMES[i - 1]! };
  });
  return { fields };
}

/** A layer that met no objects has no means over them: it prints `-nan` beside `count: 0`. */
function layerLine(line: string, start: number, layer: string): LineReading {
  const rest = line.slice(start);
  const isEmpty = /, +count: 0\b/.test(rest);
  const fields = Array.from(rest.matchAll(MEASURE), (match): LineField => {
    const [whole, name, value] = match as unknown as [string, string, string];
    const end = start + match.index + whole.length;
    return { start: end - value.length, end, role: "point", name: `${layer}/${name}` };
  });
  const told = fields.filter((field) => !isEmpty || !/nan/i.test(line.slice(field.start, field.end)));
  return { fields: told, ahead: true, repeats: false };
}
