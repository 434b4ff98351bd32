import { axisFromName, isMetricName, type Axis } from "../axes.ts";
import { placesOf } from "../text/line-places.ts";
import { lineTags, taggedName, type LineTag } from "../text/line-tags.ts";
import type { LineField, LineGrammar, LineReading } from "../text/line-reading.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { pairsOf, PICTURE, seriesFromWords, type Pair } from "../text/pairs.ts";
import { PlaceAbove } from "../text/place-above.ts";
import { withoutSpreads } from "../text/without-spreads.ts";

/** A word of each name that axes have; a line without one, and without a measure, is not looked at closer. */
const COURSE = /step|epoch|iter|round|update|episode|generation|\bit\b|\bitr\b|batch/i;
const PLACE_ALONE =
  /^[\s=*-]*(?:(?:learning|training) )?(epoch|step|iteration)\s*[:#]?\s*\[?(\d+)(?:\s*(?:\/|of)\s*\d+)?\]?(?: (?:summary|results?|metrics|statistics|stats))?[\s=*:.-]*$/i;
const HEADING = /^(train|training|val|valid|validation|eval|evaluation|test|dev)\b(?: \w+)?:\s*$/i;
const FIRST_TAG =
  /^\s*(train|training|val|valid|validation|eval|evaluation|test|dev) (?=[A-Za-z]\w*\s*[:=])/i;
/** `| train loss 2.2 acc 0.1 |`: the tag of a segment's first name, behind a place, speaks for the segment. */
const SEGMENT_TAG =
  /(?<=^|\||[\]\d][:,]?)\s*(train|training|val|valid|validation|eval|evaluation|test|dev) (?=[A-Za-z]\w*[ :=])[^|]*(?=\||$)/gi;
/** A progress bar, with words behind it, or a level and words. */
const BAR = /^[^|]*\d%(?:\|[^|]*\|)?[^[|]*\[[^\]]*\]\s*(?:\[[A-Z]+\]\s*)?(?=[A-Za-z])/;
const OTHER_TAG = /(?:^|[^A-Za-z])(?:train|val|valid|eval|test|dev)/i;
const RESULT =
  /(?:loss|nll|perplexity|ppl|accuracy|acc|score|reward|return|bleu|auc|f1|mse|mae|rmse)(?:@\d+)?$|^loss[_./](?!(?:\w+_)?(?:weights?|scale|fn|type|coeff?|ratio|lambda)$)/i;
const STATEMENT =
  /^\s*(?:#|\/\/|\+|>|@|-(?=\w+\s*=)|(?:let|const|var|int|float|double|long|auto|export|static|public|private|local|assert|UPDATE|SELECT|SET)\s+[A-Za-z_*]|self\.|return \w)/;
const CODE = /\w\([\w.]*=|["'`{}<$\\]|\+=|[^=]==[^=]|\s--[A-Za-z]|=[^=]*;\s*$|#define/;
/** A number as Python prints an object that holds it: `tensor(2.5, device='cuda:0', grad_fn=<X>)`, `np.float64(2.5)`. */
const WRAPPED =
  /\b(?:[a-z]\w*\.)?(?:tensor|array|float(?:16|32|64))\(\s*\[?([-+\w.]+)\]?(?:,[^()]*(?:\([^()]*\)[^()]*)?)?\)/gi;
/** What is set off from the rest: a quoted number behind a sign, and what is not finite anywhere. */
const SET_OFF = new RegExp(
  `(?<=[\\s=:])(?:[("']([-+]?(?:nan|inf(?:inity)?))[)"']|(?<==|: ?)"(${NUMBER})"|(?<==|: ?)'(${NUMBER})')(?=[\\s,;|]|$)`,
  "gi",
);
/** What stands beside the figures in logfmt, `time="2023-..." level=info msg="epoch done" loss=2.5`. */
const LOGFMT =
  /(?<=^|\s)(?:time|ts|level|lvl|msg|message|caller|logger|source|component)=(?:"[^"]*"|(?=\D)\S+)(?=\s|$)/g;
const ETA =
  /\b(?:eta|remaining(?: time)?)\b\s*:?\s*(?:\d+ +days?,? *)?\d[\d:.]*(?:[hms]\b)?(?:[ :]+\d+[hms]?)*/gi;
/** `Time: 0m 37s`, `1h 5m12s`. */
const LASTED =
  /(?:\b(?:[A-Za-z]+ )?(?:time|elapsed|took)\b\s*[:=]?\s*)?\b(?:\d+h ?)?\d+m ?\d+(?:\.\d+)?s\b/gi;
const UNITS =
  /\b(?:(?:batch(?:es)?|steps?|samples|examples|tokens|tok|words|images|img|frames|it|s|m?s|sec|secs|seconds|[KMGT]i?B)(?:\/\w+)*)(?![\w=:])/gi;
const GLUE = new RegExp(`^(?:[\\s,;|()[\\]>*=#:./%~-]|\\band\\b|\\d|${PICTURE})*$`, "i");
/** Words of prose that no name has. */
const PROSE =
  /^.*\b(?:the|an?|of|was|were|is|are|to|for|with|and|we|from|reached|reaches|improved|by|than|at|on|in)\b\s*/i;
const SENTENCE = /\bdiverged\b|^(?:set|use|run|install) |\b(?:improved|reached|reaches|was|were|is)\b/i;

/** Whether a line stands by itself, is indented, or is indented below a place alone. */
type Stand = "plain" | "indented" | "below";

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
 * lines with a tag (`train: step=1 loss=2`) are series of their own, `train/loss`. Code, settings and prose are left alone;
 * what might be either counts once it repeats.
 */
export const plainPairs: LineGrammar = {
  id: "key-value",
  title: "Text of key and value",
  create(above = new PlaceAbove()) {
    let heading: string | null = null;
    return (whole, begin) => {
      if (whole.length > 2000) return null;
      const unwrapped = whole.replace(WRAPPED, numberAlone);
      const line = unwrapped.replace(SET_OFF, numberAlone).replace(LOGFMT, blanks);
      const bar = BAR.exec(line.slice(begin))?.[0].length ?? 0;
      const from = begin + bar;
      const alone = PLACE_ALONE.exec(line.slice(from));
      const indented = from === 0 && /^\s/.test(line);
      const below = indented && above.isOpen;
      if (alone !== null) return placeAlone(line, from, alone);
      const message = line.slice(from);
      if (!indented) heading = HEADING.exec(message)?.[1] ?? null;
      if (
        !/\d|nan|inf|\u0088\u009e/i.test(message) ||
        !/[A-Za-z_)][ \t]*[:= \t]/.test(message) ||
        !(COURSE.test(message) || isMetricName(message) || below) ||
        CODE.test(message) ||
        /\bnew best\b/i.test(message) ||
        STATEMENT.test(message)
      )
        return null;
      const reading = readingOf(
        withoutSpreads(line).replace(ETA, blanks).replace(LASTED, blanks),
        from,
        indented ? heading : null,
        below ? "below" : indented ? "indented" : "plain",
      );
      // Brackets mean something else around a number, so what is set off stands for no other line.
      const alike = bar === 0 && !(indented && heading !== null) && !below && line === unwrapped;
      return reading === null || alike ? reading : { ...reading, repeats: false };
    };
  },
};

/** Blanks what stands around a number, which stays where it is. */
function numberAlone(whole: string, ...found: readonly (string | undefined)[]): string {
  const number = found.find((group) => group !== undefined)!;
  const at = whole.indexOf(number);
  return " ".repeat(at) + number + " ".repeat(whole.length - at - number.length);
}

function placeAlone(line: string, from: number, match: RegExpExecArray): LineReading {
  const start = line.indexOf(match[2]!, from + match[0].indexOf(match[1]!) + match[1]!.length);
  const role = /^epoch$/i.test(match[1]!) ? "epoch" : "step";
  return { fields: [{ start, end: start + match[2]!.length, role }], repeats: false };
}

function readingOf(line: string, from: number, heading: string | null, stand: Stand): LineReading | null {
  const places = placesOf(line, from);
  const tags = tagsOf(line, from, heading);
  const pairs = pairsOf(line, from, true, true).filter(
    (pair) => !places.some((place) => pair.start >= place.nameStart && pair.nameStart < place.end),
  );
  const bare = withoutTags(line, tags);
  const placedRoles = new Set(places.map(({ field }) => field?.role));
  const found = (anyName: boolean): Found[] =>
    [...places, ...pairs.flatMap((pair) => foundFromPair(line, pair, tags, placedRoles, anyName))].sort(
      (a, b) => a.start - b.start,
    );
  const isPure = (all: readonly Found[]): boolean => GLUE.test(withoutFound(bare, from, all));
  const strict = found(false);
  const loose = found(true);
  const all = loose.length > strict.length && strict.some(isMeasure) && isPure(loose) ? loose : strict;
  const names = all.flatMap(({ field }) => (field?.role === "point" ? [field.name ?? ""] : []));
  const placed = all.some(({ field }) => field?.role === "step" || field?.role === "epoch");
  // `Epoch: 01 | Time: 0m 37s`, above what was measured.
  if (names.length === 0 && placed && isPure(all) && /[|:]/.test(line.slice(from)))
    return { fields: all.flatMap(({ field }) => field ?? []), repeats: false };
  if (names.length === 0) return null;
  const certainty = certaintyOf(line.slice(from), names, { placed, pure: isPure(all), stand, heading });
  if (certainty === null) return null;
  return {
    fields: all.flatMap(({ field }) => field ?? []),
    literals: all.map(({ nameStart, start }) => [nameStart, start]),
    ...(certainty === "sure" ? {} : { certainty }),
  };
}

function certaintyOf(
  message: string,
  names: readonly string[],
  line: { placed: boolean; pure: boolean; stand: Stand; heading: string | null },
): "sure" | "repeated" | "beside" | null {
  const measured = names.some((name) => isMetricName(name));
  if (line.placed) {
    if (line.pure && measured) return "sure";
    return line.pure || measured ? "repeated" : null;
  }
  if (!line.pure || (line.stand === "indented" && line.heading === null) || /,\s*$/.test(message))
    return null;
  if (line.stand === "below" || names.some((name) => RESULT.test(name))) return "repeated";
  return measured ? "beside" : null;
}

function isMeasure({ field }: Found): boolean {
  return field?.role === "point" && isMetricName(field.name ?? "");
}

/** Tags of the line; the heading above it, an Estimator's `Saving dict` and a first word alone (`val Loss: 0.2 Acc: 0.9`) speak for the whole of it. */
function tagsOf(line: string, from: number, heading: string | null): LineTag[] {
  const tags = lineTags(line);
  const first = FIRST_TAG.exec(line.slice(from));
  const alone = first !== null && tags.length === 0 && !OTHER_TAG.test(line.slice(from + first[0].length));
  const whole =
    heading ?? (/\bSaving dict for global step \d/.test(line) ? "eval" : alone ? first[1]! : null);
  if (whole !== null) return [{ tag: whole, start: 0, end: 0, whole: true }, ...tags];
  if (tags.length > 0 || !line.includes("|")) return tags;
  return Array.from(line.slice(from).matchAll(SEGMENT_TAG), (match) => {
    const start = from + match.index;
    return { tag: match[1]!, start, end: start, whole: false, until: start + match[0].length };
  });
}

/** None for a pair without a sign that does not read like something measured (unless `anyName`): those are prose. */
function foundFromPair(
  line: string,
  pair: Pair,
  tags: readonly LineTag[],
  placed: ReadonlySet<string | undefined>,
  anyName: boolean,
): Found[] {
  const { start, end } = pair;
  // `Training 1/3` counts what is measured by nothing.
  if (pair.sign === " " && /^\/\d/.test(line.slice(end, end + 2)))
    return pair.name.includes(" ") ? [] : [{ nameStart: pair.nameStart, start, end, field: null }];
  if (/^ +days?\b/.test(line.slice(end, end + 12)) || (pair.sign !== " " && SENTENCE.test(pair.name)))
    return [];
  const cut = pair.sign === " " ? (PROSE.exec(pair.name)?.[0].length ?? 0) : 0;
  const words = pair.name.slice(cut);
  const nameStart = pair.nameStart + cut;
  if (/^batch(?:es)?$/i.test(words)) return [{ nameStart, start, end, field: null }];
  const axis = axisOfWords(words);
  if (words === "" || (pair.sign === " " && axis === null && !anyName && !isMetricName(words))) return [];
  const named =
    axis === null || (axis === "time" && pair.unit !== "") || (placed.has(axis) && words.includes("/"));
  if (named) {
    const name = taggedName(seriesFromWords(words), nameStart, tags);
    const grouped = line.slice(start, end).includes(",") ? { grouped: true } : {};
    const field: LineField = { start, end, role: "point", name, unit: pair.unit, ...grouped };
    return [{ nameStart, start, end, field }];
  }
  const known = axis === "time" || placed.has(axis);
  return [{ nameStart, start, end, field: known ? null : { start, end, role: axis } }];
}

/** `Train Epoch` and `global step` are axes too; what is measured `over epoch` is not. */
function axisOfWords(words: string): Axis | null {
  const own = axisFromName(words);
  if (own !== null || /\b(?:over|per|of|in) \w+$/i.test(words)) return own;
  return axisFromName(words.slice(words.lastIndexOf(" ") + 1));
}

function blanks(text: string): string {
  return " ".repeat(text.length);
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
  return (rest + line.slice(at)).replace(UNITS, "");
}
