import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const HEADING = /^\*{5} (\w+) metrics \*{5}\s*$/;
const ROW = /^ {2}\w+ += +[-+.\w]+\s*$/;

/**
 * What Hugging Face's examples print at their end: `***** eval metrics *****`, and below it `  eval_loss = 0.5123` a line. They say
 * in fewer digits what the Trainer said before, and add their own (`perplexity`): series of their own, `eval metrics/eval_loss`.
 */
export const hfMetrics: LineGrammar = {
  id: "hf-metrics",
  title: "Hugging Face examples, their last metrics",
  create() {
    let tag: string | null = null;
    return (line, from) => {
      const heading = HEADING.exec(line.slice(from));
      if (heading !== null) {
        tag = `${heading[1]!} metrics`;
        return { fields: [], repeats: false };
      }
      if (tag === null) return null;
      const reading = ROW.test(line) ? readingFromPairs(line, { from: 0, tag }) : null;
      if (reading === null && !/^ {2}\w+ += /.test(line)) tag = null;
      return reading === null ? null : { ...reading, aside: true, repeats: false };
    };
  },
};
