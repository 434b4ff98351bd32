import { NUMBER } from "../text/number-pattern.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";

const XGBOOST = new RegExp(`^(?:\\[[\\w:-]+\\] )?\\[(\\d+)\\]\\s+(?=[^\\s:]+-[^\\s:]+:${NUMBER})`);
const LIGHTGBM = /^\[(\d+)\]\s+(?=\S.*?'s [^\t:]+: )/;
const LIGHTGBM_CLI = new RegExp(
  `^\\[LightGBM\\] \\[Info\\] Iteration:\\s*(\\d+), (\\S+) ([^:]+?) : +(${NUMBER})`,
);
/** Early stopping prints the best round once more, below a line of words. */
const BEST_FOLLOWS: LineReading = { fields: [], heralds: true, repeats: false };
const CATBOOST = /^(\d+):\t(?=learn: )/;
const XGBOOST_PART = new RegExp(`([^\\s:]+-[^\\s:]+):(?<value>${NUMBER})(?:\\+(?<spread>${NUMBER}))?`, "g");
const LIGHTGBM_PART = new RegExp(
  `([^\\t:]+?)'s ([^\\t:]+): +(?<value>${NUMBER})(?: \\+ +(?<spread>${NUMBER}))?`,
  "g",
);
const CATBOOST_PART = new RegExp(`(learn|test\\d*|best): +(?<value>${NUMBER})`, "g");

/** XGBoost: `[0]  train-logloss:0.60969  eval-logloss:0.61352`; the spread of a cross-validation, `0.688937+0.000015`, is `train-logloss-std`. */
export const xgboost: LineGrammar = {
  id: "xgboost",
  title: "XGBoost",
  create: () => (line, from) =>
    /best iteration/i.test(line)
      ? BEST_FOLLOWS
      : rounds(line, from, XGBOOST, XGBOOST_PART, ([, name]) => name!, "-std"),
};

/**
 * LightGBM: `[10]  training's l2: 0.2  valid_1's l2: 0.3` (`cv_agg's auc: 0.8 + 0.01` is `cv_agg/auc` and `cv_agg/auc-stdv`), and of its command
 * line `[LightGBM] [Info] Iteration:1, training binary_logloss : 0.667427`.
 */
export const lightgbm: LineGrammar = {
  id: "lightgbm",
  title: "LightGBM",
  create: () => (line, from) => {
    const cli = LIGHTGBM_CLI.exec(line);
    if (cli === null)
      return rounds(
        line,
        from,
        LIGHTGBM,
        LIGHTGBM_PART,
        ([, set, metric]) => `${set!.trim()}/${metric!}`,
        "-stdv",
      );
    const [whole, round, set, metric, value] = cli as unknown as [string, string, string, string, string];
    const start = line.indexOf(round, line.indexOf("Iteration:"));
    return {
      fields: [
        { start, end: start + round.length, role: "step" },
        { start: whole.length - value.length, end: whole.length, role: "point", name: `${set}/${metric}` },
      ],
      literals: [[start + round.length, whole.length - value.length]],
    };
  },
};

/** CatBoost, printed: `0:  learn: 0.6931  test: 0.6932  best: 0.6932 (0)  total: 1.2s  remaining: 3s`. */
export const catboostText: LineGrammar = {
  id: "catboost-stdout",
  title: "CatBoost, printed",
  create: () => (line, from) => rounds(line, from, CATBOOST, CATBOOST_PART, ([, name]) => name!),
};

function rounds(
  line: string,
  from: number,
  head: RegExp,
  part: RegExp,
  nameOf: (match: RegExpMatchArray) => string,
  suffix = "",
): LineReading | null {
  // A tab may have come through syslog as `#011`.
  const message = line.slice(from).replace(/#011/g, "\t\t\t\t").trimStart();
  const match = head.exec(message);
  if (match === null) return null;
  const round = match[1]!;
  const start = line.indexOf(round, line.length - message.length + match[0].lastIndexOf(round));
  const fields: LineField[] = [{ start, end: start + round.length, role: "step" }];
  const literals: (readonly [number, number])[] = Array.from(line.matchAll(/#011/g), ({ index }) => [
    index,
    index + 4,
  ]);
  for (const found of line
    .slice(start + round.length)
    .replace(/#011/g, "\t\t\t\t")
    .matchAll(part)) {
    const { value, spread } = found.groups as { value: string; spread?: string };
    const at = start + round.length + found.index;
    const valueAt = at + found[0].indexOf(value, found[0].indexOf(":"));
    const name = nameOf(found);
    literals.push([at, valueAt]);
    fields.push({ start: valueAt, end: valueAt + value.length, role: "point", name });
    if (spread === undefined) continue;
    const end = at + found[0].length;
    fields.push({ start: end - spread.length, end, role: "point", name: name + suffix });
  }
  return fields.length === 1 ? null : { fields, literals };
}
