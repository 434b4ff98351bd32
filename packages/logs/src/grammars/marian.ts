import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";

const HEAD = /^Ep\. (\d+)(?:\.\d+)? : Up\. (\d+) : /;
const NAMED = new RegExp(
  `^(?:(Cost|gNorm|L\\.r\\.|Time) (${NUMBER})(?:s| \\*.*)?|(${NUMBER}) words/s(?:econd)?|([\\w-]+) : (${NUMBER}))\\s*$`,
);

/**
 * Marian: `Ep. 1 : Up. 500 : Sen. 32,000 : Cost 7.12 : Time 10.1s : 3000.1 words/s : gNorm 1.0 : L.r. 1.0e-05` and
 * `[valid] Ep. 1 : Up. 1000 : cross-entropy : 150.1 : new best`. The step is the count of updates.
 */
export const marian: LineGrammar = {
  id: "marian",
  title: "Marian",
  create: () => (line, from) => {
    const start = line.indexOf("Ep. ");
    const head = start < 0 || start > from + 12 ? null : HEAD.exec(line.slice(start));
    if (head === null) return null;
    const [whole, epoch, step] = head as unknown as [string, string, string];
    const tag = /\[valid\]\s*$/.test(line.slice(0, start)) ? "valid" : null;
    const epochAt = start + whole.indexOf("Ep. ") + 4;
    const stepAt = start + whole.indexOf("Up. ") + 4;
    const fields: LineField[] = [
      { start: epochAt, end: epochAt + epoch.length, role: "epoch" },
      { start: stepAt, end: stepAt + step.length, role: "step" },
    ];
    const literals: (readonly [number, number])[] = [];
    let at = start + whole.length;
    const parts = line.slice(at).split(tag === "valid" ? /(?= : (?:new|stalled))/ : / : /);
    for (const part of parts) {
      const match = NAMED.exec(part);
      const number = match?.[2] ?? match?.[3] ?? match?.[5];
      if (match !== null && number !== undefined) {
        const name = match[1] ?? match[4] ?? "words/s";
        const numberAt =
          at + part.indexOf(number, match[1] === undefined ? (match[4]?.length ?? 0) : match[1].length);
        fields.push({
          start: numberAt,
          end: numberAt + number.length,
          role: "point",
          name: tag === "valid" ? `valid/${name}` : name,
        });
        literals.push([at, numberAt]);
      }
      at += part.length + (tag === "valid" ? 0 : 3);
    }
    return fields.length === 2 ? null : { fields, literals, repeats: false };
  },
};
