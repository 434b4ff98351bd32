import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { snowTask } from "../src/demo/snow-task.ts";
import { heldOutRows, type Task } from "../src/demo/task.ts";
import { FAULT_SHARE, temperatureTask } from "../src/demo/temperature-task.ts";
import { weatherFromCsv } from "../src/demo/weather.ts";

const csv = readFileSync(new URL("../data/seattle-weather.csv", import.meta.url), "utf8");
const days = weatherFromCsv(csv);

describe("the demo's data", () => {
  it("is the file that its README names", () => {
    const readme = readFileSync(new URL("../data/README.md", import.meta.url), "utf8");
    expect(readme).toContain(createHash("sha256").update(csv).digest("hex"));
  });

  it("has every day of 2012 to 2015, once and in order, 26 of them with snow", () => {
    expect(days).toHaveLength(1461);
    days.forEach((day, index) => {
      expect(Date.parse(day.date)).toBe(Date.parse("2012-01-01") + index * 86_400_000);
      expect(day.season).toBeGreaterThanOrEqual(0);
      expect(day.season).toBeLessThan(1);
      expect(day.maximum).toBeGreaterThanOrEqual(day.minimum);
    });
    expect(days.filter((day) => day.snow)).toHaveLength(26);
    expect(days.some((day) => day.snow && day.date >= "2015")).toBe(false);
  });

  it.each([
    ["another header", csv.replace("wind", "gust"), 1],
    ["a missing cell", csv.replace("2012-01-03,0.8,", "2012-01-03,"), 4],
    ["a word for a number", csv.replace("2012-01-02,10.9", "2012-01-02,wet"), 3],
    ["a date that is none", csv.replace("2012-01-05", "2012-13-05"), 6],
  ])("is refused with its line where it is damaged: %s", (_what, text, line) => {
    expect(() => weatherFromCsv(text)).toThrow(expect.objectContaining({ code: "LF_DEMO_DATA", line }));
  });
});

/** What must hold of any task, or the scores would flatter the models. */
function expectHonest(task: Task): void {
  const rows = task.dates.length;
  const seen = new Set<number>();
  for (const { features, train, heldOut } of task.folds) {
    expect(new Set([...train, ...heldOut]).size).toBe(train.length + heldOut.length);
    for (const row of heldOut) {
      expect(seen.has(row)).toBe(false);
      seen.add(row);
    }
    expect(features).toHaveLength(rows * task.inputs);
    for (let input = 0; input < task.inputs; input++) {
      const values = Array.from(train, (row) => features[row * task.inputs + input]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 10);
      expect(variance).toBeCloseTo(1, 10);
    }
  }
  expect([...heldOutRows(task)]).toEqual([...seen].sort((a, b) => a - b));
}

describe("the temperature task", () => {
  const clean = temperatureTask(days, { faults: false, seed: 1 });
  const faulty = temperatureTask(days, { faults: true, seed: 1 });

  it("keeps training and scoring apart, by year", () => {
    expectHonest(clean);
    const [fold] = clean.folds;
    expect(fold!.train).toHaveLength(1095);
    expect(fold!.heldOut).toHaveLength(365);
    for (const row of fold!.heldOut) expect(clean.dates[row]!.slice(0, 4)).toBe("2015");
  });

  it("foretells a day from the one before", () => {
    clean.dates.forEach((date, row) => {
      expect(date).toBe(days[row + 1]!.date);
      expect(clean.target[row]).toBe(days[row + 1]!.maximum);
    });
  });

  it("puts faults into training targets alone: one in twenty, written in °F", () => {
    const rows = [...clean.target.keys()];
    const wrong = rows.filter((row) => faulty.shown[row] !== faulty.target[row]);
    expect(wrong).toHaveLength(Math.round(FAULT_SHARE * 1095));
    for (const row of wrong) {
      expect(faulty.dates[row]! < "2015").toBe(true);
      expect(((faulty.shown[row]! - 32) * 5) / 9).toBeCloseTo(days[row + 1]!.maximum, 10);
    }
    expect(faulty.target).toEqual(clean.target);
    expect(clean.shown).toEqual(clean.target);
    expect(faulty.folds).toEqual(clean.folds);
  });

  it("draws the faults by the seed", () => {
    expect(temperatureTask(days, { faults: true, seed: 1 })).toEqual(faulty);
    expect(temperatureTask(days, { faults: true, seed: 2 }).shown).not.toEqual(faulty.shown);
  });
});

describe("the snow task", () => {
  const task = snowTask(days);

  it("scores each day, and only by a model that saw none of its four weeks", () => {
    expectHonest(task);
    expect(heldOutRows(task)).toHaveLength(1461);
    for (const { train, heldOut } of task.folds) {
      const blocks = new Set(Array.from(heldOut, (row) => Math.floor(row / 28)));
      expect(train.some((row) => blocks.has(Math.floor(row / 28)))).toBe(false);
    }
  });

  it("has snow to learn from and to score with in every fold", () => {
    for (const { train, heldOut } of task.folds) {
      for (const rows of [train, heldOut]) expect(rows.some((row) => task.target[row] === 1)).toBe(true);
    }
  });
});
