import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

/**
 * torchtitan: `step:  1  loss:  8.0277  grad_norm:  1.4604  memory:  1.21GiB(0.86%)  tps: 5,756  tflops: 0.41  mfu: 0.04%`, and
 * `validate step: 10  loss:  7.1`.
 */
export const torchtitan: LineGrammar = {
  id: "torchtitan",
  title: "torchtitan",
  create: () => (line, from) => {
    const match = /^(validate )?step:\s+\d+\s+(?:global_avg_)?loss:\s/.exec(line.slice(from));
    if (match === null) return null;
    if (match[1] === undefined) return readingFromPairs(line, { from, grouped: true });
    return readingFromPairs(line, { from: from + match[1].length, grouped: true, tag: "validate" });
  },
};
