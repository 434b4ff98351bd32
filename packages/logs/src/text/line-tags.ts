import { NUMBER } from "./number-pattern.ts";

/** A word that says which data a line's figures are of, and where its figures begin. */
export interface LineTag {
  readonly tag: string;
  /** The stretch of the line that says so. */
  readonly start: number;
  readonly end: number;
  /** A field (`mode=train`) speaks for the whole line, a label (`train: `) for what follows it. */
  readonly whole: boolean;
  /** Where a label ceases to speak; at the next one, if not given. */
  readonly until?: number;
}

const TAG = "(train|training|val|valid|validation|eval|evaluation|test|testing|dev)";
/** Behind a name that has a value of its own, `val: n/a |`, nothing is of that name. */
const VALUE = `\\s*(?:n/a|none|-|${NUMBER})\\s*(?:[,;|)\\]]|$)`;
const LABEL = new RegExp(
  `(?<=[[(])${TAG}(?=[\\])])|(?<=^|[\\s|,;])${TAG}(?: set| results?)?(?=\\s*(?::(?=\\s|$)(?!${VALUE})|\\|)|\\s+-\\s|\\s+(?:epoch|step|iter(?:ation)?|round)\\b)`,
  "gi",
);
const FIELD = new RegExp(`\\b(?:mode|split|phase|stage|subset)\\s*[=:]\\s*${TAG}\\b`, "gi");
/** In the words before a progress bar the tag may stand anywhere, and be a verb. */
const BAR = new RegExp(`(?<![A-Za-z])(?:${TAG}|(validating|evaluating))(?![A-Za-z])`, "i");
const BRACKETED = new RegExp(`[[(]${TAG}[\\])]`, "i");
const OWN = new RegExp(`^${TAG}(?:[/_. -]|$)`, "i");

/** Finds the tags of a line: `train: `, `[valid]`, `| test |`, `val epoch 3`, `mode=train`. */
export function lineTags(line: string): LineTag[] {
  const found = (pattern: RegExp, whole: boolean): LineTag[] =>
    Array.from(line.matchAll(pattern), (match) => ({
      tag: match[1] ?? match[2]!,
      start: match.index,
      end: match.index + match[0].length,
      whole,
    }));
  return [...found(FIELD, true), ...found(LABEL, false)];
}

/** The tag of a progress bar, by the words before it or in brackets at its head: `Train Epoch 1`, `[val] Epoch 1/3`, `Validating`. */
export function barTags(words: string, head: string): LineTag[] {
  const tag = BAR.exec(words)?.[0] ?? BRACKETED.exec(head)?.[1];
  return tag === undefined ? [] : [{ tag, start: 0, end: 0, whole: true }];
}

/** Names a series that stands at `at` by the last tag that speaks for it; a name that begins with a tag keeps its own. */
export function taggedName(name: string, at: number, tags: readonly LineTag[]): string {
  const tag = tags.findLast(({ start, whole, until }) => whole || (start < at && at < (until ?? Infinity)));
  return tag === undefined || OWN.test(name) ? name : `${tag.tag}/${name}`;
}
