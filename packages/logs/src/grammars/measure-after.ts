import { isMetricName } from "../axes.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import { seriesFromWords } from "../text/pairs.ts";

const PLACE = "(epoch|step|iter(?:ation)?|round|update|(?:mini-?)?batch)";
/** What is measured, what is counted, how far, and how much it is. */
const MEASURE = new RegExp(
  `^\\s*([A-Za-z][\\w./-]*(?: [A-Za-z][\\w./-]*){0,4}?)(?: \\([^()]*\\))?,? (?:after|at|for|in|on|of)(?: the)? ${PLACE} *[:#=]? *(\\d+)(?:(?: of |/)\\d+)?(?: *(?::|=|->) *| (?:is|was) +)(${NUMBER})(?=[\\s,;|)%]|\\.?$)`,
  "i",
);
const AFTER = new RegExp(
  `^\\s*(?:After|At) +(?:${PLACE} *[:#=]? *(\\d+)|(\\d+) +(?:training )?(epoch|step|iteration|update)(?:s|\\(s\\))?)[,:] +`,
  "i",
);

/**
 * Sentences of a measure and its place: `Cost after iteration 10: 0.69`, `Training loss (for 1 batch) at step 200: 0.5`,
 * `After 100 training steps, loss on training batch is 0.5`.
 */
export const measureAfter: LineGrammar = {
  id: "measure-after",
  title: "Measure after a step",
  create: () => (line, from) => {
    const message = line.slice(from);
    const after = AFTER.exec(message);
    if (after !== null) {
      const reading = readingFromPairs(line, { from: from + after[0].length, loose: true });
      const points = (reading?.fields ?? []).filter(
        ({ role, name }) => role === "point" && isMetricName(name ?? ""),
      );
      if (points.length === 0) return null;
      const place = placeField(line, from, (after[1] ?? after[4])!, (after[2] ?? after[3])!);
      return { fields: [place, ...points], literals: reading!.literals ?? [], certainty: "repeated" };
    }
    const match = MEASURE.exec(message);
    if (match === null || !isMetricName(match[1]!)) return null;
    const [whole, words, place, at, value] = match as unknown as [string, string, string, string, string];
    const end = from + whole.length;
    const start = end - value.length;
    const rest = readingFromPairs(line, { from: end });
    const point: LineField = { start, end, role: "point", name: seriesFromWords(words) };
    const atPlace = from + whole.lastIndexOf(at, whole.length - value.length - 1);
    return {
      fields: [
        { start: atPlace, end: atPlace + at.length, role: roleOf(place) },
        point,
        ...(rest?.fields ?? []).filter(({ role }) => role === "point"),
      ],
      literals: [[from, atPlace], ...(rest?.literals ?? [])],
      certainty: "repeated",
    };
  },
};

function placeField(line: string, from: number, place: string, at: string): LineField {
  const start = line.indexOf(at, from);
  return { start, end: start + at.length, role: roleOf(place) };
}

function roleOf(place: string): "epoch" | "step" {
  return /^epoch$/i.test(place) ? "epoch" : "step";
}
