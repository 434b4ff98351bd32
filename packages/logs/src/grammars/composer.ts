import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const HEADER = /^\s*(?:\[epoch=(\d+)(?:\/\d+)?\])?\[batch=(\d+)\/\d+\]:\s*$/;
const MEMBER = new RegExp(`^\\s+(Train|Eval) ([\\w./() -]{1,160}?): (${NUMBER})\\s*$`);

/** MosaicML Composer: a line `[batch=1/100]:`, then one indented `Train loss/train/total: 10.98` a line. */
export const composer: LineGrammar = {
  id: "composer",
  title: "MosaicML Composer",
  create() {
    let begun = false;
    return (line, from) => {
      const header = HEADER.exec(line.slice(from));
      if (header !== null) {
        begun = true;
        const fields: LineField[] = [];
        const [whole, epoch, batch] = header as unknown as [string, string?, string?];
        if (epoch !== undefined) fields.push(span(from + whole.indexOf("epoch=") + 6, epoch, "epoch"));
        fields.push(span(from + whole.indexOf("batch=") + 6, batch!, "step"));
        return { fields };
      }
      const member = begun ? MEMBER.exec(line) : null;
      if (member === null) return null;
      const [, , name, value] = member as unknown as [string, string, string, string];
      const start = line.lastIndexOf(value);
      const isAxis = /^time\/(?:epoch|batch|batch_in_epoch|sample|sample_in_epoch|token)$/.test(name);
      return isAxis
        ? { fields: [], literals: [[0, start]] }
        : { fields: [{ ...span(start, value, "point"), name }], literals: [[0, start]] };
    };
  },
};

function span(start: number, text: string, role: LineField["role"]): LineField {
  return { start, end: start + text.length, role };
}
