import { NUMBER } from "../text/number-pattern.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";

const SCALE = new RegExp(
  `(Attempted loss scale|(?:reducing|setting) loss scale to|Reducing dynamic loss scale from):? +(${NUMBER})`,
  "i",
);
/** Times and memory of Megatron-LM and DeepSpeed. */
const MEASURED =
  /^\s*(?:rank=\d+ |\[Rank +\d+\] |\(after +\d+ iterations\) )*(time \(ms\)|memory \(MB\)) \| /;
const STEP = new RegExp(`^step=(\\d+), skipped=(${NUMBER}), lr=\\[`);
const RATE = new RegExp(`^(${NUMBER})(?:, *)?`);

/**
 * DeepSpeed's own lines, and NVIDIA Apex's overflow line: `step=10, skipped=4, lr=[9.6e-06, 9.6e-06], mom=[..]`,
 * `epoch=0/micro_step=10/global_step=10, RunningAvgSamplesPerSec=173.4, ..`, `OVERFLOW! Rank 0 Skipping step. Attempted loss
 * scale: 65536, reducing to 32768`. There is no loss in them.
 */
export const deepspeed: LineGrammar = {
  id: "deepspeed",
  title: "DeepSpeed",
  create: () => (line, from) => {
    const message = line.slice(from);
    if (/overflow|Reducing dynamic loss scale/i.test(message)) return overflow(line, from);
    if (STEP.test(message)) return stepLine(line, from);
    const measured = MEASURED.exec(message);
    if (measured !== null)
      return readingFromPairs(line, { from: from + measured[0].length, tag: measured[1]! });
    if (message.startsWith("|E2E latency=")) return readingFromPairs(line, { from });
    if (!/^epoch=\d+\/micro_step=\d+\/global_step=\d+, /.test(message)) return null;
    return readingFromPairs(line.replace(/\//g, " "), {
      from,
      rename: (name) => (name === "micro_step" ? null : name),
    });
  },
};

function overflow(line: string, from: number): LineReading | null {
  const match = SCALE.exec(line.slice(from));
  if (match === null) return null;
  const [whole, name, number] = match as unknown as [string, string, string];
  const end = from + match.index + whole.length;
  const field: LineField = { start: end - number.length, end, role: "point", name: "loss scale" };
  return {
    fields: [field],
    literals: [[from + match.index, from + match.index + name.length]],
    events: [
      {
        kind: "overflow",
        message: "The gradients overflowed: the step was skipped and the loss scale lowered.",
        metric: "loss scale",
        field,
      },
    ],
  };
}

function stepLine(line: string, from: number): LineReading | null {
  const match = STEP.exec(line.slice(from));
  if (match === null) return null;
  const [whole, step, skipped] = match as unknown as [string, string, string];
  const stepAt = from + "step=".length;
  const skippedAt = line.indexOf("skipped=", from) + "skipped=".length;
  const fields: LineField[] = [
    { start: stepAt, end: stepAt + step.length, role: "step" },
    { start: skippedAt, end: skippedAt + skipped.length, role: "point", name: "skipped" },
  ];
  let at = from + whole.length;
  for (let i = 0; ; i++) {
    const rate = RATE.exec(line.slice(at));
    if (rate === null) break;
    fields.push({ start: at, end: at + rate[1]!.length, role: "point", name: i === 0 ? "lr" : `lr/${i}` });
    at += rate[0].length;
  }
  return { fields };
}
