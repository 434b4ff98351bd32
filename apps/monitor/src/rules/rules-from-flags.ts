import { LOG_KINDS, type Rule, type RuleKind } from "./rule.ts";

/** What `--fail-on` takes. */
export type AlertKind = Exclude<RuleKind, "limit">;

/** Writes the flags of `check` as rules: what `--fail-on` names fails, a spike and a hint of trouble warn. */
export function rulesFromFlags(failOn: readonly AlertKind[], maxLoss: number | null): Rule[] {
  const plain = { metric: null, above: null, below: null, from: -Infinity, to: Infinity, points: 1, line: 0 };
  const rules = failOn.map((kind): Rule => ({ ...plain, verb: "fail", kind }));
  return maxLoss === null ? rules : [...rules, { ...plain, verb: "fail", kind: "limit", above: maxLoss }];
}

/** Exit codes of what can be found. A spike, an overflow and a skipped step are warnings by their nature. */
export const EXIT_OF_KIND: Readonly<Record<RuleKind, number>> = {
  nan: 21,
  divergence: 20,
  limit: 24,
  zero: 24,
  stall: 22,
  oom: 22,
  signal: 22,
  traceback: 22,
  plateau: 23,
  spike: 10,
  overflow: 10,
  skipped: 10,
};

/** Whether the log tells of a kind in words. */
export function isLogKind(kind: RuleKind): boolean {
  return LOG_KINDS.some((name) => name === kind);
}
