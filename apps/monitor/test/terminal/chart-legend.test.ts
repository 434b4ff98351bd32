import { expect, test } from "vitest";
import { paintLine } from "../../src/format/painted-line.ts";
import { styleFor } from "../../src/format/style.ts";
import { textWidth } from "../../src/format/text-width.ts";
import { brailleChart } from "../../src/terminal/braille-chart.ts";
import { legendParts, rowsWithDigits } from "../../src/terminal/chart-legend.ts";

const PLAIN = styleFor({ isTTY: false }, {});

function legendOf(labels: readonly string[], columns: number): string {
  const items = labels.map((label, colour) => ({ label, colour }));
  return paintLine(legendParts(items, columns, PLAIN), columns).trimEnd();
}

test("names lose their middle before any is left out, and those that are left out are counted", () => {
  const runs = ["warmup-short-seed0", "warmup-short-seed1", "warmup-short-seed2"];
  expect(legendOf(runs, 80)).toBe("3 warmup-short-seed2  2 warmup-short-seed1  1 warmup-short-seed0");
  expect(legendOf(runs, 48)).toBe("3 warmup…seed2  2 warmup…seed1  1 warmup…seed0");
  expect(legendOf(runs, 34)).toBe("3 warm…eed2  2 warm…eed1  +1 more");
  for (let columns = 20; columns < 120; columns++) {
    const text = legendOf(
      Array.from({ length: 40 }, (_, k) => `run-${k}-of-many`),
      columns,
    );
    expect(textWidth(text)).toBeLessThanOrEqual(columns);
    expect(text).toMatch(/ \+\d+ more$/);
  }
});

test("without colours every line has its digit, also where another covers its end", () => {
  const chartOf = (values: readonly number[], colour: number): Parameters<typeof brailleChart>[0][number] => {
    const column = Float64Array.from(values);
    const columns = {
      min: column,
      max: column,
      first: column,
      last: column,
      nonFinite: new Float64Array(values.length),
      joined: new Uint8Array(values.length).fill(1),
    };
    return { colour, superseded: false, columns, smoothed: null };
  };
  const lines = [chartOf([9, 9, 9, 9, 0, 0, 0, 0], 0), chartOf([0, 0, 0, 0, 0, 0, 0, 0], 1)];
  const rows = rowsWithDigits(brailleChart(lines, 4, 3, "linear"), 4);
  expect(rows.join("").replace(/[^\w]/g, "")).toHaveLength(2);
  expect(rows[2]!.at(-1)).toBe("2");
  expect(rows.slice(0, 2).join("")).toContain("1");
  const covered = [chartOf([0, 0, 0, 0], 0), chartOf([0, 0, 0, 0], 1)];
  expect(rowsWithDigits(brailleChart(covered, 2, 1, "linear"), 2)).toEqual(["12"]);
});
