import { formatCount } from "../format/number-text.ts";
import type { Style } from "../format/style.ts";
import { formatTable } from "../format/table-text.ts";
import { FAULT_SHARE } from "./temperature-task.ts";
import { logLossOfShare, type DemoResults, type SnowScore } from "./demo-results.ts";

/** Sets out the figures of both tasks as two tables with their headings. */
export function formatDemoTables(results: DemoResults, style: Style): string[] {
  return [...temperatureTable(results, style), "", ...snowTable(results, style)];
}

function temperatureTable(results: DemoResults, style: Style): string[] {
  const { temperature, temperatureDays, sameAsToday } = results;
  const rows = temperature
    .filter((score) => !score.faults)
    .map((clean) => {
      const faulty = temperature.find((score) => score.faults && score.title === clean.title);
      return [
        clean.title,
        clean.error.toFixed(2),
        faulty?.error.toFixed(2) ?? "-",
        faulty?.bias.toFixed(2) ?? "-",
        String(clean.settled),
      ];
    });
  return [
    style.bold("Tomorrow's highest temperature"),
    `Learnt from 2012 to 2014, scored on the ${formatCount(temperatureDays)} days of 2015: mean absolute error, °C.`,
    `Faults: ${100 * FAULT_SHARE} % of the training days were written down in °F; the days scored are right.`,
    "Settled: from this epoch on, without faults, within 5 % of the last error.",
    ...formatTable(
      [
        { title: "trained with" },
        { title: "error", align: "right" },
        { title: "with faults", align: "right" },
        { title: "bias with faults", align: "right" },
        { title: "settled", align: "right" },
      ],
      [...rows, ["(same as today)", sameAsToday.toFixed(2)]],
      style,
    ),
  ];
}

function snowTable({ snow, snowDays, days }: DemoResults, style: Style): string[] {
  const share = snowDays / days;
  const row = (score: SnowScore): string[] => [
    score.title,
    `${score.found} of ${score.positives}`,
    String(score.falseAlarms),
    ratio(score.precision),
    ratio(score.averagePrecision),
    score.logLoss.toFixed(4),
  ];
  const never = ["(how often it snows)", `0 of ${snowDays}`, "0", "-", ratio(share)];
  return [
    style.bold(`Snow, ${snowDays} days of ${formatCount(days)}`),
    "Each day is scored by a model that saw none of its four weeks.",
    "Found: given a probability above 1/2. Ranking: average precision.",
    ...formatTable(
      [
        { title: "trained with" },
        { title: "found", align: "right" },
        { title: "false alarms", align: "right" },
        { title: "precision", align: "right" },
        { title: "ranking", align: "right" },
        { title: "log loss", align: "right" },
      ],
      [...snow.map(row), [...never, logLossOfShare(share).toFixed(4)]],
      style,
    ),
  ];
}

function ratio(value: number): string {
  return Number.isNaN(value) ? "-" : value.toFixed(2);
}
