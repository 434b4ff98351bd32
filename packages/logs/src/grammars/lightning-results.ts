import { numberFromText } from "../document/record.ts";
import type { LineGrammar, LineReading } from "../text/line-reading.ts";

/** Upright and level lines of a box, thin and thick, spelled in bytes. */
const UPRIGHT = /\u00e2\u0094[\u0082\u0083]/g;
const RULE = /^\s*(?:\u00e2[\u0094\u0095][\u0080-\u00bf])+\s*$/;
const HEADER = /^\s*(?:Test|Validate|Validation) metric\s+(DataLoader \d+(?:\s+DataLoader \d+)*)\s*$/i;

/**
 * The table in which Lightning prints what `test` and `validate` measured: `Test metric  DataLoader 0` between rules or in a box,
 * then `test_loss  0.0621`. Of several loaders the names are those that Lightning logs, `test_loss/dataloader_idx_1`.
 */
export const lightningResults: LineGrammar = {
  id: "lightning-results",
  title: "Lightning, its test table",
  create() {
    let loaders: number[] | null = null;
    return (line) => {
      const plain = line.replace(UPRIGHT, "  ");
      const header = HEADER.exec(plain);
      if (header !== null) {
        loaders = Array.from(header[1]!.matchAll(/\d+/g), ([digits]) => Number(digits));
        return NOTHING;
      }
      if (loaders === null || RULE.test(line)) return null;
      const [name, ...cells] = plain.trim().split(/\s+/);
      const values = cells.map(numberFromText);
      if (name === undefined || values.length !== loaders.length || values.includes(null)) {
        loaders = null;
        return null;
      }
      const points = values.map((value, i) => ({
        name: loaders!.length === 1 ? name : `${name}/dataloader_idx_${loaders![i]!}`,
        value: value!,
      }));
      return { ...NOTHING, points, aside: true };
    };
  },
};

const NOTHING: LineReading = { fields: [], repeats: false };
