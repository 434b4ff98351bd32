import { readingFromPairs } from "../text/pair-reading.ts";
import { withAverages } from "../text/with-averages.ts";
import { NUMBER } from "../text/number-pattern.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const NUMBERS = new RegExp(`^copypaste: (${NUMBER}(?:,${NUMBER})*)\\s*$`);

/**
 * detectron2's text: `eta: 21:18:00  iter: 19  total_loss: 0.1443  loss_cls: 0.05095  ..  lr: 0.02038  max_mem: 11810M`, and the
 * results of an evaluation in three lines of `copypaste:` (task, names, numbers).
 */
export const detectron2: LineGrammar = {
  id: "detectron2",
  title: "detectron2, printed",
  create() {
    let task = "";
    let names: string[] = [];
    return (line, from) => {
      const message = line.slice(from);
      if (/(?:^|\s)iter: +\d+  /.test(message) && / {2}\S*loss\S*: /.test(message))
        return withAverages(
          line,
          readingFromPairs(line, { from, rename: (name) => (name === "eta" ? null : name) }),
        );
      if (!message.startsWith("copypaste: ")) return null;
      const values = NUMBERS.exec(message)?.[1]?.split(",").map(Number);
      if (values !== undefined && values.length === names.length) {
        const points = names.map((name, i) => ({ name: `${task}/${name}`, value: values[i]! }));
        return { fields: [], points, repeats: false };
      }
      const started = /^copypaste: Task: (\S+)/.exec(message);
      if (started !== null) task = started[1]!;
      else names = message.slice("copypaste: ".length).trim().split(",");
      return { fields: [], repeats: false };
    };
  },
};
