import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";

const FIRST = new RegExp(`\\{'([^']{1,120})': (${NUMBER}),\\s*$`);
const MEMBER = new RegExp(`^ '([^']{1,120})': (${NUMBER})(,|\\})\\s*$`);

/**
 * A dict that Python's `pprint` spreads over lines, as TensorFlow's Object Detection API prints its losses: `{'Loss/total_loss': 0.5,`,
 * then ` 'learning_rate': 0.03}`. It may be of settings: its figures count once they come again.
 */
export const printedDict: LineGrammar = {
  id: "printed-dict",
  title: "Dicts over several lines",
  create() {
    let open = false;
    return (line) => {
      const first = open ? null : FIRST.exec(line);
      const match = first ?? (open ? MEMBER.exec(line) : null);
      open = first !== null || match?.[3] === ",";
      return match === null ? null : member(line, match);
    };
  },
};

function member(line: string, match: RegExpExecArray): LineReading {
  const [whole, name, value] = match as unknown as [string, string, string];
  const start = line.indexOf(value, match.index + whole.indexOf("': ") + 3);
  const field: LineField = { start, end: start + value.length, role: "point", name };
  return { fields: [field], literals: [[match.index, start]], certainty: "repeated", repeats: false };
}
