import { numberFromText } from "../document/record.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";

/** An upright line of a box, spelled in bytes. */
const UPRIGHT = /\u00e2\u0094\u0082/g;
const RESULT = /^Result for (\S+):\s*$/;
const MEMBER = /^( {2,})([\w./@-]+):(?: +(.*?))?\s*$/;
const NO_MEASURE =
  /^(?:status|loc|trial name|iter|total time \(s\)|pid|node_ip|hostname|date|timestamp|trial_id|experiment_id|done)$/i;
const MOST = 2000;

type Points = { name: string; value: number }[];

/**
 * What Ray Tune prints, RLlib's trainers included: the table of its trials, `| Trial name | status | iter | reward |`, and the
 * result of one, `Result for PPO_x:` above indented keys. A trial's name goes before those of its series; its iteration is the
 * step. A row that says what it said before is one point.
 */
export const tune: LineGrammar = {
  id: "tune",
  title: "Ray Tune and RLlib, printed",
  create() {
    let names: readonly string[] = [];
    let trial: string | null = null;
    let keys: { indent: number; key: string }[] = [];
    let points: Points = [];
    let iteration = NaN;
    const said = new Map<string, string>();

    const row = (line: string): LineReading | null => {
      const cells = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      if (/^Trial name$/i.test(cells[0] ?? "")) {
        names = cells;
        return NOTHING;
      }
      if (names.length === 0 || cells.length !== names.length) return null;
      const [name] = cells as [string];
      const step = numberFromText(cells[names.findIndex((column) => /^iter$/i.test(column))] ?? "");
      if (step === null || said.get(name) === line) return NOTHING;
      if (said.size < MOST) said.set(name, line);
      const found = cells.flatMap((cell, i) => {
        const value = NO_MEASURE.test(names[i]!) ? null : numberFromText(cell);
        return value === null ? [] : [{ name: `${name}/${names[i]!}`, value }];
      });
      return { ...NOTHING, points: found, step };
    };

    const member = (line: string): LineReading | null => {
      const match = MEMBER.exec(line);
      if (match === null) return null;
      const [, blanks, key, text = ""] = match as unknown as [string, string, string, string?];
      keys = [...keys.filter(({ indent }) => indent < blanks.length), { indent: blanks.length, key }];
      const value = numberFromText(text.replace(/^([-+]?)\.(?=nan$|inf$)/i, "$1"));
      if (key === "training_iteration" && value !== null) iteration = value;
      else if (value !== null && !NO_MEASURE.test(key) && points.length < MOST)
        points.push({ name: `${trial}/${keys.map((each) => each.key).join("/")}`, value });
      return key === "trial_id" ? result() : NOTHING;
    };

    const result = (): LineReading => {
      const reading = { ...NOTHING, points, ...(Number.isNaN(iteration) ? {} : { step: iteration }) };
      trial = null;
      points = [];
      return reading;
    };

    const read = (line: string): LineReading | null => {
      const begins = RESULT.exec(line);
      if (begins !== null || line.startsWith("== Status ==")) {
        const reading = trial === null ? NOTHING : result();
        trial = begins?.[1] ?? null;
        keys = [];
        iteration = NaN;
        return reading;
      }
      if (trial !== null && line.startsWith("  ")) return member(line);
      const plain = line.replace(UPRIGHT, "|").trim();
      return plain.startsWith("|") && plain.endsWith("|") ? row(plain) : null;
    };
    return Object.assign(read, { end: () => (trial === null ? null : result()) });
  },
};

const NOTHING: LineReading = { fields: [], repeats: false };
