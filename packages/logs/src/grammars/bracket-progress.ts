import { EpochSteps } from "../text/epoch-steps.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import { withAverages } from "../text/with-averages.ts";

/** `Train: 0 [  50/1251 (  4%)]`, `Epoch: [0][  10/5005]`, `Test: [   0/48]`, `Test (EMA): [ 0/48]`. */
const HEAD =
  /^(?:(Train|Test|Val|Validation)\b(?: \(\w+\))?:?\s*)?(?:Epoch\b:?\s*)?(?:\[?(\d+)\]?\s*)?\[\s*(\d+)\/(\d+)[^\]]*\]\s+(?=\S)/;
/** `[0/25][10/1583]`, `Train: [0/300][10/1251]`: the first is the epoch. */
const OF_EPOCHS = /^(?:(Train|Test|Val|Validation)\b:?\s*)?\[(\d+)\/\d+\]\s*\[\s*(\d+)\/(\d+)\]\s+(?=\S)/;
/** `[1,  2000] loss: 2.178`. */
const COMMA = /^\[(\d+),\s*(\d+)\]\s+(?=[A-Za-z])/;
/** `loss: 2.303494  [   64/60000]`, below a line that names the epoch. */
const BEHIND = new RegExp(`^loss: +${NUMBER} +\\[ *(\\d+)/(\\d+)\\]\\s*$`);
/** `| epoch   1 |   200/ 2983 batches | lr 20.00 | loss  7.63 `. */
const PIPES = /^\| epoch +(\d+) \| +(\d+)\/ *(\d+) batches \| +/;
const EPOCH = /^\s*Epoch:? +(\d+)\s*$/;
/** The mean over a whole test, or over an epoch. */
const SUMMARY = /^\s*(\*(?= +(?:Acc|Prec|Err)@)|Averaged stats:)\s+/;

/**
 * The progress lines of timm and of PyTorch's examples: `Train: 0 [  50/1251 (  4%)]  Loss: 6.92 (6.93)  LR: 1.0e-06`,
 * `Epoch: [0][  10/5005]  Loss 6.9e+00 (7.0e+00)`, `Train Epoch: 1 [640/60000 (1%)]  Loss: 1.5`. The number in brackets is a
 * running mean: a series of its own, `Loss (avg)`. The step counts batches over all epochs; a test stands at the last training step.
 */
export const bracketProgress: LineGrammar = {
  id: "bracket-progress",
  title: "timm and PyTorch examples",
  create() {
    const steps = new EpochSteps();
    let last = NaN;
    const placed = (
      reading: LineReading | null,
      epoch: string,
      at: string,
      of: string,
    ): LineReading | null => {
      if (reading === null) return null;
      steps.begin(Number(epoch));
      const place = steps.place(Number(at), Number(of));
      last = place.step;
      return { ...reading, ...place, repeats: false };
    };
    const beside = (reading: LineReading | null): LineReading | null => {
      if (reading === null) return null;
      return { ...reading, repeats: false, ...(Number.isNaN(last) ? {} : { step: last }) };
    };
    let headed = "1";
    return (line, from) => {
      const message = line.slice(from);
      const epochLine = EPOCH.exec(message);
      if (epochLine !== null) headed = epochLine[1]!;
      const behind = BEHIND.exec(message);
      if (behind !== null) return placed(readingFromPairs(line, { from }), headed, behind[1]!, behind[2]!);
      const summary = SUMMARY.exec(message);
      if (summary !== null) {
        const tag = summary[1] === "*" ? "test/mean" : "Averaged stats";
        return beside(
          withAverages(line, readingFromPairs(line, { from: from + summary[0].length, loose: true, tag })),
        );
      }
      if (!/loss/i.test(line)) return null;
      const pipes = PIPES.exec(message);
      if (pipes !== null) {
        const [whole, epoch, at, of] = pipes as unknown as [string, string, string, string];
        return placed(readingFromPairs(line, { from: from + whole.length, loose: true }), epoch, at, of);
      }
      const comma = COMMA.exec(message);
      if (comma !== null)
        return placed(readingFromPairs(line, { from: from + comma[0].length }), comma[1]!, comma[2]!, "NaN");
      const head = OF_EPOCHS.exec(message) ?? HEAD.exec(message);
      if (head === null) return null;
      const [whole, mode, epoch, at, of] = head as unknown as [string, string?, string?, string?, string?];
      if (mode === undefined && epoch === undefined) return null;
      const reading = withAverages(
        line,
        readingFromPairs(
          line.replace(/\beta\b:? +\d[\d:]*/, (text) => " ".repeat(text.length)),
          {
            from: from + whole.length,
            loose: true,
            ...(mode === undefined ? {} : { tag: mode.toLowerCase() }),
          },
        ),
      );
      const trains = mode === undefined || mode === "Train";
      return trains && epoch !== undefined ? placed(reading, epoch, at!, of!) : beside(reading);
    };
  },
};
