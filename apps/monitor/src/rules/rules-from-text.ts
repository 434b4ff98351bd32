import { RE2JS } from "re2js";
import { UsageError } from "../cli/usage-error.ts";
import { formatNameList } from "../format/name-list.ts";
import { LOG_KINDS, type Rule, type RuleKind, SERIES_KINDS } from "./rule.ts";

const VERBS = ["fail", "warn", "ignore"] as const;
const KINDS: readonly RuleKind[] = [...SERIES_KINDS, ...LOG_KINDS, "limit"];
const LONGEST_PATTERN = 1_000;

/**
 * Reads a rules file: a rule a line, `#` begins a comment.
 *
 *     VERB KIND [on METRIC] [above X] [below X] [from STEP] [to STEP] [points N]
 *
 * VERB is fail, warn or ignore; METRIC a name, a pattern with `*`, or `/a regular expression/` (RE2: linear in the
 * length of a name, whatever the expression), in double quotes where it holds spaces.
 * @throws LF_USAGE with path, line and reason.
 */
export function rulesFromText(text: string, path: string): Rule[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const words = wordsOf(line);
    return words.length === 0 ? [] : [ruleFrom(words, i + 1, path)];
  });
}

function ruleFrom([verb, kind, ...rest]: readonly string[], line: number, path: string): Rule {
  const refuse = (why: string, got = "", known: readonly string[] = []): UsageError =>
    new UsageError(`${path}, line ${line}: ${why}.`, got, known);
  const oneOf = <T extends string>(what: string, word: string | undefined, known: readonly T[]): T => {
    const found = known.find((name) => name === word);
    if (found !== undefined) return found;
    throw refuse(
      `${what} is ${word === undefined ? "missing" : JSON.stringify(word)}; it is ${formatNameList(known)}`,
      word,
      known,
    );
  };
  const rule: { -readonly [K in keyof Rule]: Rule[K] } = {
    verb: oneOf("the first word", verb, VERBS),
    kind: oneOf("the second word", kind, KINDS),
    metric: null,
    above: null,
    below: null,
    from: -Infinity,
    to: Infinity,
    points: 1,
    line,
  };
  const seen = new Set<string>();
  for (let i = 0; i < rest.length; i += 2) {
    const name = oneOf("a condition", rest[i], ["on", "above", "below", "from", "to", "points"] as const);
    const value = rest[i + 1];
    if (value === undefined) throw refuse(`${name} has nothing behind it`);
    if (seen.has(name)) throw refuse(`${name} stands twice; write a rule for each`);
    seen.add(name);
    if (name === "on") {
      rule.metric = matcherFrom(value, refuse);
      continue;
    }
    const number = value.trim() === "" ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) throw refuse(`${name} takes a number, not ${JSON.stringify(value)}`);
    rule[name] = number;
  }
  if (rule.kind === "limit" && rule.above === null && rule.below === null)
    throw refuse("a limit needs above X or below X");
  if (rule.kind === "limit" && seen.has("points")) throw refuse("points are of incidents, not of a limit");
  if (LOG_KINDS.some((name) => name === rule.kind) && rule.metric !== null)
    throw refuse(`${rule.kind} is of the whole run: leave "on" out`);
  return rule;
}

function matcherFrom(text: string, refuse: (why: string) => UsageError): (name: string) => boolean {
  if (text.length > LONGEST_PATTERN) throw refuse(`a pattern has at most ${LONGEST_PATTERN} characters`);
  if (text.length > 2 && text.startsWith("/") && text.endsWith("/")) {
    try {
      const pattern = RE2JS.compile(text.slice(1, -1));
      return (name) => pattern.matcher(name).find();
    } catch (error) {
      throw refuse(
        `${text} is no regular expression of RE2 (${error instanceof Error ? error.message : String(error)})`,
      );
    }
  }
  if (!text.includes("*")) return (name) => name === text;
  const pattern = RE2JS.compile(
    `^(?s:${text
      .split("*")
      .map((part) => RE2JS.quote(part))
      .join(".*")})$`,
  );
  return (name) => pattern.matcher(name).find();
}

/** Parts a line at spaces, but not within double quotes; what follows `#` at the start of a word is a comment. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/"([^"]*)"|(\S+)/g)) {
    if (quoted === undefined && plain!.startsWith("#")) break;
    words.push(quoted ?? plain!);
  }
  return words;
}
