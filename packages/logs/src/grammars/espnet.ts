import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const BATCHES = /^(\d+)epoch:(train|valid):\d+-(\d+)batch: /;
const RESULTS = /^(\d+)epoch results: /;

/**
 * ESPnet: `1epoch:train:1-100batch: iter_time=0.12, loss_ctc=120.1, loss=92.1` (means over those batches; the step is the last
 * batch of the epoch) and `1epoch results: [train] loss=87.1, .., [valid] loss=50.1, ..`, whose figures are `train/epoch/loss` and
 * `valid/loss`.
 */
export const espnet: LineGrammar = {
  id: "espnet",
  title: "ESPnet",
  create: () => (line, from) => {
    const message = line.slice(from);
    const batches = BATCHES.exec(message);
    if (batches !== null) {
      const reading = readingFromPairs(line, { from: from + batches[0].length, tag: batches[2]! });
      if (reading === null) return null;
      const epoch = span(from, batches[1]!, "epoch");
      const step = span(from + batches[0].lastIndexOf(batches[3]!), batches[3]!, "step");
      return { ...reading, fields: [epoch, step, ...reading.fields] };
    }
    const results = RESULTS.exec(message);
    if (results === null) return null;
    const fields: LineField[] = [span(from, results[1]!, "epoch")];
    for (const part of message.matchAll(/\[(\w+)\] ([^[]*)/g)) {
      const tag = part[1] === "train" ? "train/epoch" : part[1]!;
      const begin = from + part.index + part[0].length - part[2]!.length;
      const reading = readingFromPairs(line.slice(0, begin + part[2]!.length), { from: begin, tag });
      fields.push(...(reading?.fields ?? []).filter(({ role }) => role === "point"));
    }
    return fields.length === 1
      ? null
      : { fields, literals: [[from + results[0].length, line.length]], repeats: false };
  },
};

function span(start: number, text: string, role: LineField["role"]): LineField {
  return { start, end: start + text.length, role };
}
