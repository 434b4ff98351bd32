import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { planDemo } from "./demo-plan.ts";
import { writePredictions } from "./predictions-file.ts";
import { heldOutRows } from "./task.ts";
import { createTrainingRun, type LogLine } from "./training-run.ts";
import { weatherFromCsv, type WeatherDay } from "./weather.ts";

/**
 * Everything that decides what is trained: the same job writes the same bytes. Machines whose JavaScript engine rounds
 * `Math.sin`, `cos`, `exp` or `log1p` otherwise may differ in the last digits; all else is IEEE arithmetic.
 */
export interface DemoJob {
  /** An existing folder; each run gets one of its own below it. */
  readonly folder: string;
  readonly seed: number;
  readonly epochs: number;
}

export const LOG_FILE = "log.jsonl";
export const PREDICTIONS_FILE = "predictions.arrow";

/** Reads the days that come with this package. */
export function readWeather(): WeatherDay[] {
  return weatherFromCsv(readFileSync(new URL("../../data/seattle-weather.csv", import.meta.url), "utf8"));
}

/**
 * Trains every planned run, all side by side, an epoch each in turn. Each writes `NAME/log.jsonl` line by line as it
 * goes and, when all are trained, `NAME/predictions.arrow` with the held-out rows.
 */
export function trainDemo(job: DemoJob): void {
  const runs = planDemo(readWeather(), job.seed).map((plan) => {
    const folder = join(job.folder, plan.name);
    mkdirSync(folder);
    const log = openSync(join(folder, LOG_FILE), "ax");
    return { plan, folder, log, training: createTrainingRun(plan, job) };
  });
  for (let epoch = 0; epoch < job.epochs; epoch++) {
    for (const { log, training } of runs) writeSync(log, textFromLines(training.trainEpoch()));
  }
  for (const { plan, folder, log, training } of runs) {
    closeSync(log);
    const { dates, target } = plan.task;
    const rows = heldOutRows(plan.task);
    const prediction = training.predict();
    writePredictions(join(folder, PREDICTIONS_FILE), {
      date: Array.from(rows, (row) => dates[row]!),
      target: Float64Array.from(rows, (row) => target[row]!),
      prediction: Float64Array.from(rows, (row) => prediction[row]!),
    });
  }
}

/** Non-finite numbers are written as Python's json does, so that a loss that blew up shows as such. */
function textFromLines(lines: readonly LogLine[]): string {
  return lines
    .map(
      (line) =>
        `{${Object.entries(line)
          .map(([key, value]) => `${JSON.stringify(key)}: ${value}`)
          .join(", ")}}\n`,
    )
    .join("");
}
