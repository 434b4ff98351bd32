import { describe, expect, it } from "vitest";
import { computeFindings } from "../src/demo/demo-findings.ts";
import type { DemoResults, SnowScore, TemperatureScore } from "../src/demo/demo-results.ts";
import { formatDemoTables } from "../src/demo/demo-tables.ts";
import { styleFor } from "../src/format/style.ts";

const degrees = (title: string, faults: boolean, error: number, bias = 0, settled = 7): TemperatureScore => ({
  title,
  faults,
  error,
  bias,
  settled,
});

const snow = (
  title: string,
  found: number,
  falseAlarms: number,
  ranking: number,
  logLoss: number,
): SnowScore => ({
  title,
  positives: 26,
  found,
  falseAlarms,
  recall: found / 26,
  precision: found / (found + falseAlarms),
  averagePrecision: ranking,
  logLoss,
});

const results: DemoResults = {
  days: 1461,
  temperatureDays: 365,
  sameAsToday: 2.24,
  temperature: [
    degrees("MSE", false, 2.01),
    degrees("MSE", true, 2.6, 1.9),
    degrees("MAE", false, 2.02),
    degrees("MAE", true, 2.01),
  ],
  snowDays: 26,
  snow: [snow("cross-entropy", 11, 5, 0.58, 0.04), snow("balanced cross-entropy", 21, 84, 0.53, 0.15)],
};

describe("the demo's sentences", () => {
  it("say what the figures say", () => {
    expect(computeFindings(results)).toEqual([
      "The faults changed the error on days not seen before by +0.59 °C under MSE and -0.01 °C under MAE: " +
        "MSE suffered most, and its model now says 1.9 °C too warm on average.",
      'Trained with MSE on days with faults (2.60 °C), a model does worse than saying "the same as today" (2.24 °C).',
      "None of them settles clearly sooner than the others (epochs 7 to 7).",
      "Of 26 snow days among 1,461, balanced cross-entropy found most (21, with 84 false alarms); " +
        "cross-entropy raised the fewest false alarms (5, finding 11).",
      "Cross-entropy (0.58) and balanced cross-entropy (0.53) rank the days equally well, as far as so few snow " +
        "days can tell.",
      "Cross-entropy gives the best probabilities; those of balanced cross-entropy are worse than saying 1.8 % " +
        "every day.",
    ]);
  });

  it("say the opposite of opposite figures", () => {
    const opposite = computeFindings({
      ...results,
      temperature: [
        degrees("MSE", false, 2.01, 0, 4),
        degrees("MSE", true, 1.9),
        degrees("MAE", false, 2.02, 0, 9),
        degrees("MAE", true, 2.03, -0.5),
      ],
      snow: [snow("cross-entropy", 9, 30, 0.4, 0.08), snow("balanced cross-entropy", 20, 2, 0.6, 0.05)],
    });
    expect(opposite).toEqual([
      "The faults changed the error on days not seen before by +0.01 °C under MAE and -0.11 °C under MSE: " +
        "none of them suffered.",
      'Every model does better than saying "the same as today".',
      "MSE settles soonest, at epoch 4; MAE last, at 9.",
      "Of 26 snow days among 1,461, balanced cross-entropy found most (20) and raised the fewest false alarms (2).",
      "Balanced cross-entropy (0.60) ranks the days best.",
      "Balanced cross-entropy gives the best probabilities; all beat saying 1.8 % every day.",
    ]);
  });

  it("name all that are equal, and call as good what is no worse", () => {
    const sentences = computeFindings({
      ...results,
      temperature: [degrees("MSE", false, 2.25), degrees("MSE", true, 2.6)],
      snow: [
        snow("cross-entropy", 11, 5, 0.58, 0.04),
        snow("balanced cross-entropy", 21, 84, 0.53, 0.15),
        snow("focal loss", 12, 5, 0.55, 0.05),
      ],
    });
    expect(sentences).toContain(
      "Trained with MSE on days without faults (2.25 °C) and MSE on days with faults (2.60 °C), a model does no " +
        'better than saying "the same as today" (2.24 °C).',
    );
    expect(sentences).toContain(
      "Of 26 snow days among 1,461, balanced cross-entropy found most (21, with 84 false alarms); " +
        "cross-entropy and focal loss raised the fewest false alarms (5, finding 11 and 12).",
    );
  });

  it("name a model that leans to the cold as such", () => {
    const temperature = [degrees("MAE", false, 2), degrees("MAE", true, 3, -2.04)];
    expect(computeFindings({ ...results, temperature })[0]).toContain(
      "MAE suffered most, and its model now says 2.0 °C too cold",
    );
  });
});

describe("the demo's tables", () => {
  it("show each figure once, with the bars to beat", () => {
    const lines = formatDemoTables(results, styleFor({}, {}));
    expect(lines.filter((line) => /^(MSE|MAE|\()/.test(line))).toEqual([
      "MSE               2.01         2.60              1.90        7",
      "MAE               2.02         2.01              0.00        7",
      "(same as today)   2.24",
      "(how often it snows)     0 of 26             0          -     0.02    0.0893",
    ]);
    expect(lines.join("\n")).toContain(
      "cross-entropy           11 of 26             5       0.69     0.58    0.0400",
    );
  });
});
