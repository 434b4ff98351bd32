import type { CheckRules } from "../compute/check-report.ts";

/** Tells which series are watched as losses are, whatever their names: those that rules speak of. */
export function judgedBy({ rules, metric }: CheckRules): (name: string) => boolean {
  const matchers = rules.flatMap((rule) =>
    rule.metric === null || rule.kind === "limit" ? [] : [rule.metric],
  );
  return (name) => name === metric || matchers.some((matches) => matches(name));
}
