import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const HEAD =
  /(?:^|\s)(Epoch|Iter)(?:\((train|val|test)\))?\s+\[(\d+)\](?:\[\s*(\d+)\/(\d+)\])?|(?:^|\s)(Iter)(?:\((train|val|test)\))?\s+\[\s*(\d+)\/(\d+)\]/;

/**
 * MMEngine and mmcv: `Epoch(train) [1][50/200]  lr: 1.0e-02  loss: 0.5`, `Iter(train) [50/200]  ..`, `Epoch(val) [1][10/10]
 * accuracy/top1: 60.1`. The step counts iterations over all epochs; a validation stands at the last training step.
 */
export const mmengine: LineGrammar = {
  id: "mmengine",
  title: "MMEngine and mmcv, printed",
  create() {
    let last = NaN;
    return (line, from) => {
      const head = /Epoch|Iter/.test(line) ? HEAD.exec(line.slice(from)) : null;
      if (head === null || !/\w: ?[-+.\dni]/i.test(line)) return null;
      const epochwise = head[1] === "Epoch";
      const mode = head[2] ?? head[7];
      const epoch = epochwise ? Number(head[3]) : NaN;
      const at = Number(epochwise ? head[4] : (head[8] ?? head[3]));
      const of = Number(head[5]);
      const trains = mode === undefined || mode === "train";
      if (trains) last = epochwise ? (epoch - 1) * of + at : at;
      const reading = readingFromPairs(line, {
        from: from + head.index + head[0].length,
        ...(mode === undefined ? {} : { tag: mode }),
        rename: (name) => (name === "eta" ? null : name),
      });
      if (reading === null) return null;
      const step = Number.isNaN(last) ? epoch : last;
      return { ...reading, step, epoch, repeats: false };
    };
  },
};
