import { EpochSteps } from "../text/epoch-steps.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const HEAD =
  /^(?:(Train|Test|Val|Validation)\b:?\s*)?(?:Epoch\b:?\s*)?(?:\[?(\d+)\]?\s*)?\[\s*(\d+)\/(\d+)[^\]]*\]\s+(?=\S)/;

/**
 * The progress lines of timm and of PyTorch's examples: `Train: 0 [  50/1251 (  4%)]  Loss: 6.92 (6.93)  LR: 1.0e-06`,
 * `Epoch: [0][  10/5005]  Loss 6.9e+00 (7.0e+00)`, `Train Epoch: 1 [640/60000 (1%)]  Loss: 1.5`. The number in brackets is a
 * running mean, and is left out. The step counts batches over all epochs; a test stands at the last training step.
 */
export const bracketProgress: LineGrammar = {
  id: "bracket-progress",
  title: "timm and PyTorch examples",
  create() {
    const steps = new EpochSteps();
    let last = NaN;
    return (line, from) => {
      const head = HEAD.exec(line.slice(from));
      if (head === null || !/loss/i.test(line)) return null;
      const [whole, mode, epoch, at, of] = head as unknown as [string, string?, string?, string?, string?];
      const trains = mode === undefined || mode === "Train";
      if (mode === undefined && epoch === undefined) return null;
      const reading = readingFromPairs(line, {
        from: from + whole.length,
        loose: true,
        ...(mode === undefined ? {} : { tag: mode.toLowerCase() }),
      });
      if (reading === null) return null;
      if (!trains || epoch === undefined)
        return Number.isNaN(last)
          ? { ...reading, repeats: false }
          : { ...reading, step: last, repeats: false };
      steps.begin(Number(epoch));
      const place = steps.place(Number(at), Number(of));
      last = place.step;
      return { ...reading, ...place, repeats: false };
    };
  },
};
