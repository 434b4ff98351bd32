import { isMetricName } from "../axes.ts";
import { NUMBER } from "./number-pattern.ts";
import { withoutSpreads } from "./without-spreads.ts";

/** A name and its number in a line. */
export interface Pair {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly start: number;
  readonly end: number;
  /** What stands right behind the number: `ms`, `%`, `GiB`; of times behind a blank too. Mostly nothing. */
  readonly unit: string;
  /** What binds them. */
  readonly sign: ":" | "=" | " ";
}

/** An emoji, a check mark, an arrow or a dash, spelled in bytes: what decorates a line is no part of a name. */
export const PICTURE =
  "(?:\\u00f0\\u009f[\\u0080-\\u00bf]{2}|\\u00e2(?:[\\u0086\\u0098-\\u009e\\u00ad]|\\u008f|\\u0080(?=[\\u0090-\\u0095]))[\\u0080-\\u00bf]|\\u00ef\\u00b8\\u008f)";

/** A word of a name; `nan`, `inf` and `nanms` are numbers. */
const WORD = `(?!(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)(?:ms)?\\b)(?!${PICTURE})[A-Za-z_\\u00c0-\\u00ff][\\w./@%#+*\\u0080-\\u00ff-]{0,80}(?:\\([\\w.@/-]{1,20}(?:\\(\\w{1,10}\\))?\\))?`;
/** A unit that ends the number before it begins no name: in `1000.1 samples/sec accuracy=0.1` the name is `accuracy`. */
const UNIT =
  "(?!(?:[A-Za-z]+/(?:s|sec|second|step|it|iter|gpu|s/gpu|sec/gpu|device)|s/it|m?s|secs?|seconds|[KMGT]i?B|words|tokens|frames)[ \\t]+(?![nN][aA][nN]|[iI][nN][fF])[A-Za-z])";
const NAME = `${UNIT}${WORD}(?: (?:${WORD}|\\([\\w./ %-]{1,20}\\))){0,5}`;
const GROUPED = `(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|${NUMBER})`;

/** A place in the code (`train.py:42`) or the class of an exception (`KeyError: 1`) is no name of a number. */
const NO_NAME = /\.(?:py|cu|cc|cpp|rs|go|js|ts)$|^[A-Z]\w+(?:Error|Exception|Warning)$/;

/** Lightning pads what it prints to five characters, words too: `nan.0`, `-inf.`. */
const PAD = "(?:(?<=[nNfF])(\\.0?)(?=[,;|)\\]}\\s]|$))?";

const SPACED_UNIT = / (m?s|secs?|seconds|min(?:utes)?|hours|h)(?=[\s,;|)\]]|$)(?!\s*[:=])/y;

const patternOf = (number: string): RegExp =>
  new RegExp(
    `(?<![\\w./])(${NAME})(?:\\s*([:=])\\s*|\\s*[-=]>\\s*|\\s+)(?:\\[\\s*(?=[^\\],/]*\\]))?(${number})${PAD}([A-Za-z%]{0,6}(?:/[A-Za-z]{1,6})?)(?=[\\s,;|)\\]}(/!]|\\.+(?:\\s|$)|$)`,
    "g",
  );
const PAIR = patternOf(NUMBER);
const GROUPED_PAIR = patternOf(GROUPED);

/**
 * Finds the pairs of a line from `start` on: `key: 1.5`, `key=1.5` and, where `loose`, `key 1.5`. A number that goes on
 * (`12:30:00`, `1.2.3`) is none. Of `0.5 ± 0.1` the mean is read.
 */
export function pairsOf(text: string, start: number, loose: boolean, grouped = false): Pair[] {
  const line = withoutSpreads(text);
  const pairs: Pair[] = [];
  const pattern = grouped ? GROUPED_PAIR : PAIR;
  pattern.lastIndex = start;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    const [whole, words, sign, number, pad = "", unit = ""] = match as unknown as [
      string,
      string,
      string?,
      string?,
      string?,
      string?,
    ];
    const name = words.replace(/(?<=.) is$/i, "");
    if (number === undefined || (sign === undefined && !loose) || (sign === ":" && NO_NAME.test(name))) {
      pattern.lastIndex = match.index + words.length;
      continue;
    }
    const end = match.index + whole.length - unit.length - pad.length;
    SPACED_UNIT.lastIndex = end;
    pairs.push({
      name,
      nameStart: match.index,
      nameEnd: match.index + name.length,
      start: end - number.length,
      end,
      unit: unit === "" ? (SPACED_UNIT.exec(line)?.[1] ?? "") : unit,
      sign: sign === ":" || sign === "=" ? sign : " ",
    });
  }
  return pairs;
}

/** Names a series from words: a leading `train`, `val` or the like is the tag of a measure (`train loss`: `train/loss`). */
export function seriesFromWords(words: string): string {
  const reversed = /^(.+) (train|val|valid|test)$/i.exec(words);
  if (reversed !== null && /^loss$/i.test(reversed[1]!)) return `${reversed[2]}/${reversed[1]}`;
  const match = /^(train|training|val|valid|validation|eval|evaluation|test|dev)\.?(?: set)? (.+)$/i.exec(
    words,
  );
  return match === null || !isMetricName(match[2]!) ? words : `${match[1]}/${match[2]}`;
}
