import type { LineField, LineGrammar } from "../text/line-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { readingFromPairs } from "../text/pair-reading.ts";

/** BasicSR's `[epoch:  0, iter:     100, lr:(1.000e-04,)] [eta: ..]`, KAIR's `<epoch:  0, iter:     100, lr:1.000e-04>`. */
const HEAD = new RegExp(
  `[[<]epoch: *(\\d+), iter: *([\\d,]+), lr:\\(?(${NUMBER})[^\\]>]*[\\]>](?: +\\[eta: [^\\]]*\\])? +(?=\\w+: )`,
);

/**
 * BasicSR and KAIR: `[epoch:  0, iter:     1,200, lr:(1.000e-04,)] [eta: 1 day, 2:03:04, time (data): 0.5 (0.01)] l_pix: 3.1e-02 l_percep:
 * 1.2e+00`.
 */
export const superResolution: LineGrammar = {
  id: "basicsr",
  title: "BasicSR and KAIR",
  create: () => (line, from) => {
    const head = HEAD.exec(line.slice(from));
    if (head === null) return null;
    const [whole, epoch, iteration, rate] = head as unknown as [string, string, string, string];
    const start = from + head.index;
    const reading = readingFromPairs(line, { from: start + whole.length });
    if (reading === null) return null;
    const span = (text: string, behind: string): { start: number; end: number } => {
      const at = line.indexOf(text, line.indexOf(behind, start) + behind.length);
      return { start: at, end: at + text.length };
    };
    const place: LineField[] = [
      { ...span(epoch, "epoch:"), role: "epoch" },
      { ...span(iteration, "iter:"), role: "step", grouped: true },
      { ...span(rate, "lr:"), role: "point", name: "lr" },
    ];
    return { fields: [...place, ...reading.fields], literals: reading.literals ?? [], repeats: false };
  },
};
