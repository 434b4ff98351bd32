import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const BATCH = /^Epoch +(\d+), batch +(\d+), (?=\w+\[)/;
const VALIDATION = /^Epoch +(\d+), validation: /;
const GROUP = /(\w+)\[([^\]]*)\]/g;

/**
 * icefall (k2): `Epoch 1, batch 50, loss[loss=1.5, simple_loss=1.4, over 13000.00 frames. ], tot_loss[loss=2.2, ..], batch size: 30,
 * lr: 2.48e-02` and `Epoch 1, validation: loss=1.1, ..`. The figures of a group bear its name, `tot_loss/loss`; those of `loss[..]`
 * are of the batch itself.
 */
export const icefall: LineGrammar = {
  id: "icefall",
  title: "icefall (k2)",
  create: () => (line, from) => {
    const message = line.slice(from);
    const validation = VALIDATION.exec(message);
    if (validation !== null) {
      const reading = readingFromPairs(line, { from: from + validation[0].length, tag: "validation" });
      return reading === null
        ? null
        : {
            ...reading,
            fields: [
              at(from + validation[0].indexOf(validation[1]!), validation[1]!, "epoch"),
              ...reading.fields,
            ],
          };
    }
    const batch = BATCH.exec(message);
    if (batch === null) return null;
    const begin = from + batch[0].length;
    const fields: LineField[] = [
      at(from + batch[0].indexOf(batch[1]!), batch[1]!, "epoch"),
      at(from + batch[0].lastIndexOf(batch[2]!), batch[2]!, "step"),
    ];
    const literals: (readonly [number, number])[] = [];
    const add = (text: string, start: number, tag: string | null): void => {
      const reading = readingFromPairs(text, { from: start, ...(tag === null ? {} : { tag }) });
      fields.push(...(reading?.fields ?? []).filter(({ role }) => role === "point"));
      literals.push(...(reading?.literals ?? []));
    };
    const rest = line.replace(GROUP, (group: string, name: string, inner: string, index: number) => {
      const start = index + name.length + 1;
      add(line.slice(0, start + inner.length), start, name === "loss" ? null : name);
      return " ".repeat(group.length);
    });
    // A group that the log breaks off is left out.
    add(rest.replace(/\w+\[[^\]]*$/, ""), begin, null);
    return { fields: fields.sort((a, b) => a.start - b.start), literals };
  },
};

function at(start: number, text: string, role: LineField["role"]): LineField {
  return { start, end: start + text.length, role };
}
