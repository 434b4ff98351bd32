import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

/** nanoGPT: `step 250: train loss 1.9921, val loss 2.0831` and `iter 10: loss 3.1451, time 140.00ms, mfu 2.66%`. */
export const nanogpt: LineGrammar = {
  id: "nanogpt",
  title: "nanoGPT",
  create: () => (line, from) => {
    const message = line.slice(from);
    if (!/^\s*(?:step|iter) +\d+: (?:train loss|loss) /.test(message)) return null;
    return readingFromPairs(line.slice(0, from) + message.replace(":", " "), { from, loose: true });
  },
};
