import { axisFromName, isMetricName, type Axis } from "../axes.ts";
import { lineTags, taggedName, type LineTag } from "../text/line-tags.ts";
import type { LineField, LineGrammar } from "../text/line-reading.ts";
import { pairsOf, seriesFromWords, type Pair } from "../text/pairs.ts";

const PLACE = /\b(epoch|step|iter(?:ation)?|round)\b\s*[:#=]?\s*\[?\s*(\d+)(?=[\s,:;|\])/]|$)/gi;
const RESULT =
  /(?:loss|nll|perplexity|ppl|accuracy|acc|score|reward|bleu|auc|f1|error|mse|mae|rmse)(?:@\d+)?$/i;
const CODE =
  /\w\([\w.]*=|\b(?:def|import|return|class|print|namespace)\b|["'`{}<>$]|\+=|==|^\s*(?:#|\/\/|\+|>)/i;
const GLUE = /^(?:[\s,;|()[\]>*=#:./%-]|\band\b|\d)*$/i;

/** A name and number of the line, and what they are; no field where they are neither point nor place. */
interface Found {
  readonly nameStart: number;
  readonly start: number;
  readonly end: number;
  readonly field: LineField | null;
}

/**
 * Any line of `key=value`, `key: value` or `key value` that reads like training: it names a step or epoch and something
 * measured, or it is nothing but pairs of which one is a result (`val loss 2.31`, `average reward score: 0.5`). The figures of
 * lines with a tag (`train: step=1 loss=2`) are series of their own, `train/loss`. Code, settings and prose are left alone.
 */
export const plainPairs: LineGrammar = {
  id: "key-value",
  title: "Text of key and value",
  create: () => (line, from) => {
    if (
      line.length > 2000 ||
      !/\d|nan|inf/i.test(line) ||
      !/[A-Za-z_)][ \t]*[:= ]/.test(line) ||
      CODE.test(line.slice(from))
    )
      return null;
    const places = placesOf(line, from);
    const tags = lineTags(line);
    const pairs = pairsOf(line, from, true)
      .filter((pair) => !places.some((place) => pair.start >= place.nameStart && pair.nameStart < place.end))
      .map((pair) => foundFromPair(pair, tags))
      .filter((found) => found !== null);
    const all = [...places, ...pairs].sort((a, b) => a.start - b.start);
    const names = all.flatMap(({ field }) => (field?.role === "point" ? [field.name ?? ""] : []));
    if (names.length === 0) return null;
    const placed = all.some(({ field }) => field?.role === "step" || field?.role === "epoch");
    const pure = GLUE.test(withoutFound(withoutTags(line, tags), from, all));
    const indented = from === 0 && /^\s/.test(line);
    const accepted = placed
      ? pure || names.some((name) => isMetricName(name))
      : pure && !indented && names.some((name) => RESULT.test(name));
    if (!accepted) return null;
    return {
      fields: all.flatMap(({ field }) => field ?? []),
      literals: all.map(({ nameStart, start }) => [nameStart, start]),
    };
  },
};

/** `Epoch [3/10]`, `step 250`, `Iteration: 7`: the first of each kind. */
function placesOf(line: string, from: number): Found[] {
  const places: Found[] = [];
  for (const match of line.slice(from).matchAll(PLACE)) {
    const [whole, word, number] = match as unknown as [string, string, string];
    const role = /^epoch$/i.test(word) ? "epoch" : "step";
    if (places.some(({ field }) => field?.role === role)) continue;
    const nameStart = from + match.index;
    const end = nameStart + whole.length;
    const start = end - number.length;
    places.push({ nameStart, start, end, field: { start, end, role } });
  }
  return places;
}

/** Null for a pair without a sign that does not read like something measured: those are prose. */
function foundFromPair(pair: Pair, tags: readonly LineTag[]): Found | null {
  const axis = axisOfWords(pair.name);
  if (pair.sign === " " && axis === null && !isMetricName(pair.name)) return null;
  const { nameStart, start, end } = pair;
  if (axis === null || (axis === "time" && pair.unit !== "")) {
    const name = taggedName(seriesFromWords(pair.name), nameStart, tags);
    return { nameStart, start, end, field: { start, end, role: "point", name } };
  }
  return { nameStart, start, end, field: axis === "time" ? null : { start, end, role: axis } };
}

/** `Train Epoch` and `global step` are axes too. */
function axisOfWords(words: string): Axis | null {
  return axisFromName(words) ?? axisFromName(words.slice(words.lastIndexOf(" ") + 1));
}

/** Blanks the tags out: beside numbers they are no prose. */
function withoutTags(line: string, tags: readonly LineTag[]): string {
  let rest = line;
  for (const { start, end } of tags) rest = rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end);
  return rest;
}

/** What is left of the line beside names, numbers and units. */
function withoutFound(line: string, from: number, all: readonly Found[]): string {
  let rest = "";
  let at = from;
  for (const { nameStart, end } of all) {
    rest += line.slice(at, nameStart);
    at = end + /^[A-Za-z%/]*/.exec(line.slice(end))![0].length;
  }
  return rest + line.slice(at);
}
