import { expect, test } from "vitest";
import type { RunReport } from "../../src/compute/run-report.ts";
import { SeriesSummary } from "../../src/compute/series-summary.ts";
import { styleFor } from "../../src/format/style.ts";
import { formatSummary } from "../../src/format/summary-text.ts";
import { textWidth } from "../../src/format/text-width.ts";

const PLAIN = styleFor({ isTTY: false }, {});

function reportOf(series: Readonly<Record<string, readonly number[]>>): RunReport {
  const metrics = Object.entries(series).map(([name, values]) => {
    const summary = new SeriesSummary(name);
    values.forEach((value, step) => summary.add(value, 1_000 * step));
    return summary.figures();
  });
  const lines = { total: 12_345, read: 12_000, ignored: 345 };
  return { run: "run", source: "run.log", format: "text", lines, segments: 2, metrics, events: [] };
}

test("the main loss comes first, other losses next, the rest as the log has them", () => {
  const text = formatSummary(
    reportOf({ lr: [1, 2], val_loss: [3, 4], acc: [0, 1], loss: [5, 6] }),
    [],
    1,
    PLAIN,
    200,
  );
  const names = text
    .split("\n")
    .slice(4)
    .map((line) => line.split(" ")[0]);
  expect(names.slice(0, 4)).toEqual(["loss", "val_loss", "lr", "acc"]);
  expect(text).toContain("12,345 lines: 12,000 read, 345 ignored · 2 segments · 4 metrics");
});

test("many numbers that stand in the log once share lines; a few stay in the table", () => {
  const settings = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`setting_${i}`, [i]]));
  const many = formatSummary(reportOf({ loss: [2, 1], ...settings }), [], 1, PLAIN, 40);
  expect(many).toContain("of one point\nsetting_0 0  setting_1 1  setting_2 2\nsetting_3 3");
  const few = formatSummary(reportOf({ loss: [2, 1], setting: [1] }), [], 1, PLAIN, 200);
  expect(few).not.toContain("of one point");
});

test("a narrow terminal loses steps before it loses figures, and no line is wider than it", () => {
  const report = reportOf({
    "train/a_rather_long_name_of_a_loss": [1.23456, 2.34567, -0.000123456],
    loss: [1, 2, 3],
  });
  for (const columns of [60, 70, 80, 100]) {
    for (const line of formatSummary(report, [], 1, PLAIN, columns).split("\n").slice(3)) {
      expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  }
  expect(formatSummary(report, [], 1, PLAIN, 70)).toMatch(/metric +mean +over +min +max +last\n/);
  expect(formatSummary(report, [], 1, PLAIN, 60)).toMatch(/metric +mean +over +min +last\n/);
});

test("one endless name does not widen the page where there is no terminal", () => {
  const endless = `${"x".repeat(5_000)}/loss`;
  const text = formatSummary(reportOf({ [endless]: [1, 2], lr: [1, Number.NaN] }), [], 1, PLAIN, Infinity);
  for (const line of text.split("\n")) expect(textWidth(line)).toBeLessThan(250);
  expect(text).toMatch(/x…x+\/loss/);
  const broken = formatSummary(reportOf({ [endless]: [1, Number.NaN] }), [], 1, PLAIN, Infinity);
  for (const line of broken.split("\n")) expect(textWidth(line)).toBeLessThan(250);
});
