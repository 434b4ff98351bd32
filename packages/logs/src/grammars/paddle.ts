import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

/** `[Train][Epoch 1/120][Iter: 0/312]`, `[Eval][Epoch 1][Avg]`. */
const BLOCKS = /^\[(Train|Eval)\]\[Epoch +(\d+)(?:\/\d+)?\]\[(?:Iter: +(\d+)\/\d+|(Avg))\]/;
const METRIC = /^(?:(cur|best) metric, )(?=\w+: )/;
/** Older PaddleDetection quotes names and numbers. */
const QUOTED = /^iter: +\d+, lr: .*'loss\w*': '/;

/**
 * PaddlePaddle's suites: PaddleClas's `[Train][Epoch 1/120][Iter: 0/312]lr: 0.1, CELoss: 6.98, loss: 6.98, ..` (means over an epoch or
 * a test under `Avg`), PaddleOCR's `cur metric, precision: 0.5, ..`, PaddleDetection's `iter: 20, lr: 0.0003, 'loss': '3.4'`.
 */
export const paddle: LineGrammar = {
  id: "paddle",
  title: "PaddlePaddle",
  create: () => (line, from) => {
    const message = line.slice(from);
    if (QUOTED.test(message))
      return readingFromPairs(line.replace(/'/g, " ").replace(/ : /g, ":  "), { from });
    const metric = METRIC.exec(message);
    if (metric !== null)
      return readingFromPairs(line, { from: from + metric[0].length, tag: `${metric[1]!} metric` });
    const blocks = BLOCKS.exec(message);
    if (blocks === null) return null;
    const [whole, mode, epoch, iteration, average] = blocks as unknown as [
      string,
      string,
      string,
      string?,
      string?,
    ];
    const reading = readingFromPairs(
      line.replace(/\beta: +\d+ days?/, (text) => " ".repeat(text.length)),
      {
        from: from + whole.length,
        tag: average === undefined ? mode : `${mode}/Avg`,
      },
    );
    if (reading === null) return null;
    const place: LineField[] = [span(from + whole.indexOf(epoch, whole.indexOf("Epoch")), epoch, "epoch")];
    if (iteration !== undefined && mode === "Train")
      place.push(span(from + whole.indexOf(iteration, whole.indexOf("Iter:")), iteration, "step"));
    return {
      ...reading,
      fields: [...place, ...reading.fields],
      literals: [[from, from + 1], ...(reading.literals ?? [])],
    };
  },
};

function span(start: number, text: string, role: LineField["role"]): LineField {
  return { start, end: start + text.length, role };
}
