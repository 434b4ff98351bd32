import { readingFromObject } from "../text/object-reading.ts";
import { scanObject } from "../text/object-scanner.ts";
import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

/**
 * fairseq, as JSON (`train_inner | {"epoch": 1, "loss": "16.475", "num_updates": "1"}`, numbers quoted; Hydra writes `[train_inner][INFO] - {..}`) and as text
 * (`epoch 001:  10 / 200 loss=16.4, ppl=91120`, `epoch 001 | valid on 'valid' subset | loss 5.6 | ppl 48.5`). Its loss is in
 * base 2, and is kept so.
 */
export const fairseq: LineGrammar = {
  id: "fairseq",
  title: "fairseq",
  create: () => (line, from) => {
    const message = line.slice(from);
    const json = /^\[?(train_inner|train|valid\w*|test)(?: \| |\]\[INFO\] - )\{/.exec(message);
    if (json !== null) {
      const start = from + json[0].length - 1;
      const object = scanObject(line, start);
      if (object === null) return null;
      const reading = readingFromObject(line, object, start);
      const tag = json[1]!;
      return { ...reading, fields: reading.fields.map((field) => tagged(field, tag)) };
    }
    const bar = /^(?:train_inner \| |\| )?epoch +(\d+): +\d+ \/ +\d+ (?=\w+=)/.exec(message);
    if (bar !== null) {
      const reading = readingFromPairs(line, { from: from + bar[0].length, tag: "train_inner" });
      const start = line.indexOf(bar[1]!, from + bar[0].indexOf("epoch"));
      const epoch: LineField = { start, end: start + bar[1]!.length, role: "epoch" };
      return reading === null ? null : { ...reading, fields: [epoch, ...reading.fields] };
    }
    const bars =
      /^(?:(train|valid\w*|test) \| |\| )?epoch +\d+ \| (?:(\w+) on '([^']+)' subset \| |(train) \| )?\w+ +[-+.\dni]\S*(?: \||$)/.exec(
        message,
      );
    if (bars === null) return null;
    return readingFromPairs(line, {
      from,
      loose: true,
      tag: bars[3] ?? bars[2] ?? bars[1] ?? bars[4] ?? "train",
    });
  },
};

/** Keys of a whole epoch bear their tag already (`train_loss`, `valid_ppl`). */
function tagged(field: LineField, tag: string): LineField {
  if (field.name === undefined || field.name.startsWith(`${tag}_`)) return field;
  const { start, end, role, name } = field;
  return { start, end, role, name: `${tag}/${name}` };
}
