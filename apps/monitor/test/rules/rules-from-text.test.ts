import { expect, test } from "vitest";
import { rulesFromText } from "../../src/rules/rules-from-text.ts";

const one = (line: string) => rulesFromText(line, "rules.txt")[0]!;

test("a rule a line, comments and empty lines aside", () => {
  const rules = rulesFromText(
    '# what fails\n\nfail nan on *   # everywhere\r\nwarn spike on train/loss above 5 from 100 to 2e3 points 3\nignore nan on "lr scale"\nfail limit on /val.*loss$/ above 3.5\n',
    "rules.txt",
  );
  expect(rules.map(({ metric, ...rule }) => ({ ...rule, hasMetric: metric !== null }))).toEqual([
    {
      verb: "fail",
      kind: "nan",
      above: null,
      below: null,
      from: -Infinity,
      to: Infinity,
      points: 1,
      line: 3,
      hasMetric: true,
    },
    {
      verb: "warn",
      kind: "spike",
      above: 5,
      below: null,
      from: 100,
      to: 2000,
      points: 3,
      line: 4,
      hasMetric: true,
    },
    {
      verb: "ignore",
      kind: "nan",
      above: null,
      below: null,
      from: -Infinity,
      to: Infinity,
      points: 1,
      line: 5,
      hasMetric: true,
    },
    {
      verb: "fail",
      kind: "limit",
      above: 3.5,
      below: null,
      from: -Infinity,
      to: Infinity,
      points: 1,
      line: 6,
      hasMetric: true,
    },
  ]);
});

test("names, patterns with * and regular expressions", () => {
  const matching = (line: string, names: string[]): string[] => names.filter(one(line).metric!);
  const names = ["loss", "train/loss", "val/loss", "loss(a+b)", "LOSS"];
  expect(matching("fail nan on loss", names)).toEqual(["loss"]);
  expect(matching("fail nan on */loss", names)).toEqual(["train/loss", "val/loss"]);
  expect(matching("fail nan on loss(*)", names)).toEqual(["loss(a+b)"]);
  expect(matching("fail nan on /^(train|val)/", names)).toEqual(["train/loss", "val/loss"]);
  expect(matching("fail nan on /(?i)^loss$/", names)).toEqual(["loss", "LOSS"]);
});

test("an expression that would take for ever elsewhere takes no time", () => {
  const { metric } = one("fail nan on /^(a+)+$/");
  const began = process.cpuUsage().user;
  expect(metric!(`${"a".repeat(5_000)}b`)).toBe(false);
  // Backtracking would take longer than the universe has lasted.
  expect(process.cpuUsage().user - began).toBeLessThan(10e6);
});

test.each([
  ["fial nan", 'the first word is "fial"; it is fail, warn or ignore'],
  ["fail", "the second word is missing; it is nan"],
  ["fail nans on loss", 'the second word is "nans"'],
  ["fail nan in loss", 'a condition is "in"; it is on, above, below, from, to or points'],
  ["fail nan on", "on has nothing behind it"],
  ["fail nan from x", 'from takes a number, not "x"'],
  ["fail nan from 1 from 2", "from stands twice"],
  ["fail limit on loss", "a limit needs above X or below X"],
  ["fail limit above 1 points 3", "points are of incidents"],
  ["fail oom on loss", 'oom is of the whole run: leave "on" out'],
  ["fail nan on /(/", "is no regular expression of RE2"],
  ["fail nan on /(?=x)/", "is no regular expression of RE2"],
  [`fail nan on ${"x".repeat(1001)}`, "at most 1000 characters"],
])("%s: refused with line and reason", (line, why) => {
  expect(() => rulesFromText(`# rules\nfail nan\n${line}\n`, "rules.txt")).toThrow(
    expect.objectContaining({ code: "LF_USAGE", message: expect.stringContaining(`rules.txt, line 3: `) }),
  );
  expect(() => rulesFromText(line, "rules.txt")).toThrow(why);
});
