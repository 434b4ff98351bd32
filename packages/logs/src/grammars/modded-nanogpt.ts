import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

/** modded-nanogpt: `step:125/1390 val_loss:4.3686 train_time:15634ms step_avg:135.95ms`. */
export const moddedNanogpt: LineGrammar = {
  id: "modded-nanogpt",
  title: "modded-nanogpt",
  create: () => (line, from) =>
    /^step:\d+\/\d+ \w+:/.test(line.slice(from)) ? readingFromPairs(line, { from }) : null,
};
