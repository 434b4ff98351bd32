import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

/** HugeCTR: `Iter: 100 Time(100 iters): 0.583091s Loss: 0.132197 lr:0.004` and `Evaluation, AUC: 0.79`. */
export const hugectr: LineGrammar = {
  id: "hugectr",
  title: "HugeCTR",
  create: () => (line) => {
    const iter = /\bIter: \d+ Time\(\d+ iters\): /.exec(line);
    if (iter !== null) {
      return readingFromPairs(
        line.replace(/Time\(\d+ iters\)/, (text) => "-".repeat(text.length)),
        { from: iter.index },
      );
    }
    const evaluation = /\]: Evaluation, /.exec(line);
    return evaluation === null ? null : readingFromPairs(line, { from: evaluation.index, tag: "eval" });
  },
};
