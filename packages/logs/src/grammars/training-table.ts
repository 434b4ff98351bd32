import { numberFromText } from "../document/record.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const EPOCH = /^Epoch (\d+)\/\d+\s*$/;
const HEADER = /^\s*Training \|\s+Validation\s*$/;
const ROW = /^(\w[\w./-]*)\s*\|\s*(\S+)\s*(?:\|\s*(\S+)\s*)?$/;

/** AllenNLP's table after an epoch: a header `Training |  Validation`, then `loss |  0.441  |  0.512`; `N/A` is no point. */
export const trainingTable: LineGrammar = {
  id: "allennlp",
  title: "AllenNLP",
  create() {
    let epoch = NaN;
    let open = false;
    return (line, from) => {
      const message = line.slice(from);
      const begun = EPOCH.exec(message);
      if (begun !== null && from > 0) {
        epoch = Number(begun[1]);
        return { fields: [], epoch, repeats: false };
      }
      if (HEADER.test(message)) {
        open = true;
        return { fields: [], repeats: false };
      }
      const row = open ? ROW.exec(message) : null;
      open &&= row !== null;
      if (row === null) return null;
      const points = [row[2], row[3]].flatMap((cell, i) => {
        const value = numberFromText(cell ?? "");
        return value === null ? [] : [{ name: `${i === 0 ? "Training" : "Validation"}/${row[1]!}`, value }];
      });
      return { fields: [], points, epoch, step: epoch, aside: true, repeats: false };
    };
  },
};
