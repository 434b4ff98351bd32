import type { LineField, LineGrammar } from "../text/line-reading.ts";

const HEADER = /\[step=(\d+)(?:\/\d+)?(?:,\s*epoch=(\d+))?[^\]]*\]\s*$/;
const MEMBER =
  /^\s+([A-Za-z_][^=]{0,120})=([-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|[-+]?(?:nan|inf))\s*$/i;

/** OLMo: a line `[step=10/1000,epoch=0]`, then one indented `name=value` a line, thousands grouped by commas. */
export const olmo: LineGrammar = {
  id: "olmo",
  title: "OLMo",
  create() {
    let begun = false;
    return (line, from) => {
      const header = HEADER.exec(line);
      if (header !== null) {
        begun = true;
        const [, step, epoch] = header as unknown as [string, string, string?];
        const stepAt = line.indexOf(step, header.index);
        const fields: LineField[] = [{ start: stepAt, end: stepAt + step.length, role: "step" }];
        if (epoch !== undefined) {
          const at = line.indexOf("epoch=", header.index) + "epoch=".length;
          fields.push({ start: at, end: at + epoch.length, role: "epoch" });
        }
        return { fields };
      }
      const member = begun && from === 0 ? MEMBER.exec(line) : null;
      if (member === null) return null;
      const [, name, value] = member as unknown as [string, string, string];
      const start = line.lastIndexOf(value);
      return {
        fields: [{ start, end: start + value.length, role: "point", name: name.trim(), grouped: true }],
        literals: [[line.indexOf(name), start]],
      };
    };
  },
};
