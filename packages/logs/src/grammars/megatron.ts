import { NUMBER } from "../text/number-pattern.ts";
import type { LineEvent, LineField, LineGrammar, LineReading } from "../text/line-reading.ts";

const ITERATION = /(?:^|\s)iteration\s+(\d+)\s*\/\s*\d+\s*\|/;
const VALIDATION =
  /(?:^|\s)(validation|test)(?: \S+)? (?:loss|results) at (?:iteration +(\d+)|[^|]*?)(?: on (validation|test) set)?\s*\|/i;
const SEGMENT = new RegExp(
  `^\\s*(?:[\\w-]+(?:\\.[\\w-]+)+:\\s+)?([A-Za-z][^|:]*?)(?::\\s*|\\s+)(${NUMBER})\\s*[A-Za-z/]*\\s*$`,
);

/**
 * Megatron-LM and Megatron-DeepSpeed: ` iteration 12695/ 115311 | consumed samples: 9841584 | lm loss: 2.463556E+00 | .. |` and
 * ` validation loss at iteration 100 | lm loss value: 8.017406E+00 | lm loss PPL: 3.0E+03 |`. The loss is left out of a line
 * where its mean is NaN or no iteration advanced: that is an event.
 */
export const megatron: LineGrammar = {
  id: "megatron",
  title: "Megatron-LM",
  create: () => (line, from) => {
    if (!line.includes("|")) return null;
    const iteration = ITERATION.exec(line.slice(from));
    if (iteration !== null)
      return trainingLine(line, from, from + iteration.index, iteration[0], iteration[1]!);
    const validation = VALIDATION.exec(line.slice(from));
    return validation === null ? null : validationLine(line, from + validation.index, validation);
  },
};

function trainingLine(
  line: string,
  from: number,
  start: number,
  whole: string,
  iteration: string,
): LineReading {
  const at = start + whole.indexOf(iteration);
  const before = segments(line.slice(0, start), from, "");
  const after = segments(line, start + whole.length, "");
  const fields = [...before.fields, ...after.fields];
  const literals = [...before.literals, ...after.literals];
  const skipped = fields.find((field) => field.name === "number of skipped iterations");
  const events: LineEvent[] = [];
  if (!fields.some((field) => /loss(?!.*scale)/i.test(field.name ?? ""))) {
    events.push({
      kind: "missing",
      message: "The loss is missing from the line: its mean was NaN, or every iteration was skipped.",
      metric: "lm loss",
    });
    // Where iterations were skipped there may be no loss to print; else it was NaN.
    events.push({
      kind: "nan",
      message: "The loss is missing from a line though no iteration was skipped: it was NaN.",
      ...(skipped === undefined ? {} : { field: skipped, only: "zero" as const }),
    });
  }
  if (skipped !== undefined) {
    events.push({
      kind: "skipped",
      message: "Iterations were skipped.",
      metric: "number of skipped iterations",
      field: skipped,
      only: "positive",
    });
  }
  const nans = fields.find((field) => field.name === "number of nan iterations");
  if (nans !== undefined)
    events.push({
      kind: "nan",
      message: "Iterations had a loss that was NaN.",
      field: nans,
      only: "positive",
    });
  // NeMo counts the iterations of an epoch, and all of them beside.
  const counted = fields.find(({ name }) => name === "global_step");
  if (counted !== undefined)
    return {
      fields: fields.map((field) => (field === counted ? { ...field, role: "step" } : field)),
      literals,
      events,
    };
  const step: LineField = { start: at, end: at + iteration.length, role: "step" };
  return { fields: [...before.fields, step, ...after.fields], literals, events };
}

function validationLine(line: string, start: number, match: RegExpExecArray): LineReading {
  const [whole, kind, iteration, set] = match as unknown as [string, string, string?, string?];
  const fields: LineField[] = [];
  if (iteration !== undefined) {
    const at = start + whole.lastIndexOf(iteration);
    fields.push({ start: at, end: at + iteration.length, role: "step" });
  }
  const rest = segments(line, start + whole.length, `${set ?? kind}/`);
  return { fields: [...fields, ...rest.fields], literals: rest.literals };
}

/** Reads `name: number` between bars; the name may hold a unit in brackets. */
function segments(
  line: string,
  start: number,
  tag: string,
): { fields: LineField[]; literals: [number, number][] } {
  const fields: LineField[] = [];
  const literals: [number, number][] = [];
  let at = start;
  for (const segment of line.slice(start).split("|")) {
    const match = SEGMENT.exec(segment);
    if (match !== null) {
      const number = match[2]!;
      const numberAt = at + segment.indexOf(number, segment.indexOf(match[1]!) + match[1]!.length);
      literals.push([at, numberAt]);
      fields.push({
        start: numberAt,
        end: numberAt + number.length,
        role: "point",
        name: tag + match[1]!.trim(),
      });
    }
    at += segment.length + 1;
  }
  return { fields, literals };
}
