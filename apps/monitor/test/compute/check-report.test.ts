import { expect, test } from "vitest";
import { computeCheckReport } from "../../src/compute/check-report.ts";
import { RunFold } from "../../src/compute/run-fold.ts";
import { formatCheck } from "../../src/format/check-text.ts";
import { styleFor } from "../../src/format/style.ts";
import type { Rule } from "../../src/rules/rule.ts";
import { type AlertKind, EXIT_OF_KIND, rulesFromFlags } from "../../src/rules/rules-from-flags.ts";
import { rulesFromText } from "../../src/rules/rules-from-text.ts";

const RUN = { name: "run", source: "run.log" };
const point = (step: number, time = Number.NaN) => ({ step, epoch: Number.NaN, time, rank: -1, segment: 0 });

/** A run in which everything goes wrong. */
function ruinedRun(): RunFold {
  const fold = new RunFold();
  const loss = fold.series("loss");
  const lr = fold.series("lr");
  for (let step = 0; step < 1500; step++) {
    // Falls, is flat for long, spikes, is 0 once, diverges, pauses, and is NaN for a while.
    const level = step < 100 ? 5 - step / 33 : step < 900 ? 2 : 2 + (step - 900) / 20;
    const value = step === 50 ? 30 : step === 60 ? 0 : step >= 1300 && step < 1310 ? Number.NaN : level;
    fold.point(loss, value, point(step, 1.7e9 + step + (step > 1000 ? 1e5 : 0)));
    if (step % 100 === 0) fold.point(lr, step === 700 ? Number.NaN : 0.1, point(step));
  }
  const word = (kind: "oom" | "traceback" | "overflow" | "skipped" | "signal"): void =>
    fold.event({ kind, step: null, lastStep: null, count: 1, metric: null, value: null, message: kind });
  for (const kind of ["oom", "traceback", "overflow", "skipped", "signal"] as const) word(kind);
  return fold;
}

/** As documented, the most serious first. */
const ORDER = [21, 20, 24, 22, 23, 10];

test("whatever is asked for, the most serious alert gives the exit code", () => {
  const fold = ruinedRun();
  const kinds = Object.keys(EXIT_OF_KIND).filter((kind) => kind !== "limit") as AlertKind[];
  for (let set = 0; set < 2 ** kinds.length; set += 1) {
    const failOn = kinds.filter((_, k) => (set >> k) % 2 === 1);
    for (const maxLoss of [null, 10]) {
      const { exitCode, alerts } = computeCheckReport(RUN, fold, {
        rules: rulesFromFlags(failOn, maxLoss),
        metric: null,
      });
      const due = [...failOn.map((kind) => EXIT_OF_KIND[kind]), ...(maxLoss === null ? [] : [24])];
      expect(exitCode, `${failOn.join()} ${maxLoss}`).toBe(ORDER.find((code) => due.includes(code)) ?? 0);
      expect(alerts.map((alert) => ORDER.indexOf(alert.exitCode))).toEqual(
        alerts.map((alert) => ORDER.indexOf(alert.exitCode)).toSorted((a, b) => a - b),
      );
    }
  }
});

test("points that are not finite are told of, and judged where a rule says so", () => {
  const fold = ruinedRun();
  const judge = (rules: readonly Rule[]) => computeCheckReport(RUN, fold, { rules, metric: null });
  const plain = judge(rulesFromFlags(["plateau"], null));
  expect(plain.notFinite).toEqual([
    { metric: "loss", count: 10 },
    { metric: "lr", count: 1 },
  ]);
  const ruled = judge(rulesFromText("fail nan on l*", "r"));
  expect(ruled.notFinite).toEqual([]);
  expect(ruled.alerts.map(({ kind, metric, step }) => [kind, metric, step])).toEqual([
    ["nan", "lr", 700],
    ["nan", "loss", 1300],
  ]);
});

test("the judged metric too is told of where no rule asks for NaN, and that it ends in one", () => {
  const fold = new RunFold();
  const loss = fold.series("loss");
  [1, Number.NaN, 2, Number.POSITIVE_INFINITY].forEach((value, step) => fold.point(loss, value, point(step)));
  const judge = (failOn: AlertKind[]) =>
    computeCheckReport(RUN, fold, { rules: rulesFromFlags(failOn, null), metric: null });
  const plain = judge(["spike"]);
  expect(plain).toMatchObject({
    exitCode: 0,
    last: 2,
    notFinite: [{ metric: "loss", count: 2 }],
    brokenEnd: { value: Number.POSITIVE_INFINITY, step: 3 },
  });
  expect(formatCheck(plain, styleFor({}, {}))).toBe(
    "ok          run  loss: 4 points, last Infinity at step 3 (the last finite one 2 at step 2)\n" +
      "not judged  run  loss: 2 not finite\n",
  );
  expect(judge(["nan"]).notFinite).toEqual([]);
});

test("what an alert says is not said again as a hint", () => {
  const judge = (text: string) =>
    computeCheckReport(RUN, ruinedRun(), { rules: rulesFromText(text, "r"), metric: null });
  const zeros = (text: string): number => judge(text).hints.filter(({ kind }) => kind === "zero").length;
  expect([zeros("fail nan"), zeros("fail zero")]).toEqual([1, 0]);
});

test("of the rules that match the last one decides", () => {
  const fold = ruinedRun();
  const codes = (text: string): number[] =>
    computeCheckReport(RUN, fold, { rules: rulesFromText(text, "r"), metric: null }).alerts.map(
      ({ exitCode }) => exitCode,
    );
  expect(codes("fail nan")).toEqual([21]);
  expect(codes("fail nan\nwarn nan")).toEqual([10]);
  expect(codes("fail nan\nignore nan from 1000")).toEqual([]);
  expect(codes("fail nan\nignore nan to 1000")).toEqual([21]);
  expect(codes("fail nan points 10")).toEqual([21]);
  expect(codes("fail nan points 11")).toEqual([]);
  expect(codes("fail spike above 29")).toEqual([10]);
  expect(codes("fail spike above 31 to 60")).toEqual([]);
  expect(codes("fail limit below 40")).toEqual([24]);
  expect(codes("fail limit on lr above 0.05")).toEqual([24]);
  expect(codes("fail zero\nfail oom")).toEqual([24, 22]);
});

test("limits are of the end of a run alone", () => {
  const rules = { rules: rulesFromFlags([], 10), metric: null };
  expect(computeCheckReport(RUN, ruinedRun(), rules).exitCode).toBe(24);
  expect(computeCheckReport(RUN, ruinedRun(), rules, false).exitCode).toBe(0);
});
