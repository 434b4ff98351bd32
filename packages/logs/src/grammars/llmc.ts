import { axisFromName } from "../axes.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";
import { seriesFromWords } from "../text/pairs.ts";

const MAIN = /^\s*s: *\d+ (?:(?:tel|trl|eval|lr|norm): *\S+ ?)+\s*$/;
const STEP = new RegExp(`^\\s*step\\s+(\\d+)(/\\d+)? \\| `);
const FIELD = new RegExp(
  `(?:^|\\| ?)\\s*([A-Za-z][\\w /.@-]*?)?:?\\s*(${NUMBER})\\s*(ms|tok/s|%[^|]*)?(?: \\([-+][^)]*\\))?\\s*(?=\\||$)`,
  "g",
);

const ALONE = new RegExp(`^(val|validation) loss:? +(${NUMBER})\\s*$`);
const SWAG = new RegExp(`^HellaSwag(?: accuracy)?: +\\d+/\\d+ ?= *(${NUMBER})\\s*$`);

/** llm.c's `main.log`: `s:0 tel:11.0095` (validation), `s:0 trl:11.0116 lr:0.000001 norm:14.96`, `s:250 eval:0.2450`. */
export const llmcMain: LineGrammar = {
  id: "llmc",
  title: "llm.c main.log",
  create: () => (line, from) => {
    if (!MAIN.test(line.slice(from))) return null;
    const reading = readingFromPairs(line, { from });
    if (reading === null) return null;
    const fields = reading.fields.map((field): LineField => (field.name === "s" ? stepField(field) : field));
    return { ...reading, fields };
  },
};

/**
 * The lines that llm.c and build-nanogpt print: `step    1/19560 | loss 11.010252 (+nanz)| norm 15.1374 (+nanz)| lr 8.57e-07
 * | 4621.47 ms | 29.2% bf16 MFU | 113446 tok/s`, `step 0 | loss: 10.95 | lr 8.39e-07 | norm: 15.3 | dt: 18549.18ms | tok/sec: 28264.75`,
 * `val loss 11.008742`, `validation loss: 10.9522`, `HellaSwag accuracy: 2497/10042=0.2487`.
 */
export const llmcSteps: LineGrammar = {
  id: "llmc-stdout",
  title: "llm.c and build-nanogpt, printed",
  create() {
    /** llm.c counts the steps that are done; build-nanogpt prints what it measures before the step it goes on with. */
    let goesOn = false;
    return (line, from) => {
      const message = line.slice(from);
      const step = STEP.exec(message);
      if (step !== null) {
        goesOn ||= / \| tok\/sec: /.test(message);
        return stepLine(line, from, from + step[0].length, step[1]!);
      }
      const alone = ALONE.exec(message);
      const swag = alone === null ? SWAG.exec(message) : null;
      const number = alone?.[2] ?? swag?.[1];
      if (number === undefined) return null;
      const name = alone === null ? "HellaSwag accuracy" : `${alone[1]!}/loss`;
      return { ...lastNumber(line, number, name), ahead: goesOn, repeats: goesOn };
    };
  },
};

/** build-nanogpt's log.txt: `250 train 4.123456`, `250 val 4.1234`, `250 hella 0.2501`. */
export const buildNanogpt: LineGrammar = {
  id: "build-nanogpt",
  title: "build-nanogpt log.txt",
  create: () => {
    const shape = new RegExp(`^(\\d+) (train|val|hella) (${NUMBER})\\s*$`);
    return (line) => {
      const match = shape.exec(line);
      if (match === null) return null;
      const [, step, name, value] = match as unknown as [string, string, string, string];
      const at = step.length + 1 + name.length + 1;
      return {
        fields: [
          { start: 0, end: step.length, role: "step" },
          {
            start: at,
            end: at + value.length,
            role: "point",
            name: name === "hella" ? name : `${name}/loss`,
          },
        ],
        literals: [[step.length, at]],
      };
    };
  },
};

function stepField(field: LineField): LineField {
  return { start: field.start, end: field.end, role: "step" };
}

/** Null where a part between bars is none of these: another writer's line, which others read whole. */
function stepLine(line: string, from: number, body: number, step: string): LineReading | null {
  const start = line.indexOf(step, from);
  const fields: LineField[] = [{ start, end: start + step.length, role: "step" }];
  const literals: (readonly [number, number])[] = [];
  const rest = line.slice(body);
  const matches = [...rest.matchAll(FIELD)];
  if (matches.length < rest.split("|").filter((part) => /\d|nan/i.test(part)).length) return null;
  for (const match of matches) {
    const [whole, words, number, unit] = match as unknown as [string, string?, string?, string?];
    const name = words?.trim() ?? nameOfUnit(unit);
    if (number === undefined || name === undefined || name === "") continue;
    const at =
      body +
      match.index +
      whole.indexOf(number, words === undefined ? 0 : whole.indexOf(words) + words.length);
    literals.push([body + match.index, at]);
    const span = { start: at, end: at + number.length };
    const axis = words === undefined || (unit ?? "") !== "" ? null : axisFromName(name);
    if (axis === null) fields.push({ ...span, role: "point", name: seriesFromWords(name) });
    else if (axis === "epoch") fields.push({ ...span, role: axis });
  }
  return { fields, literals };
}

/** llm.c prints some numbers without a name. */
function nameOfUnit(unit: string | undefined): string | undefined {
  if (unit === "ms") return "time (ms)";
  if (unit === "tok/s") return "tok/s";
  return unit?.includes("MFU") === true ? "mfu (%)" : undefined;
}

function lastNumber(line: string, number: string, name: string): LineReading {
  const start = line.lastIndexOf(number);
  return { fields: [{ start, end: start + number.length, role: "point", name }] };
}
