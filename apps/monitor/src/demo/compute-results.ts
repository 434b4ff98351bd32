import { meanAbsoluteError } from "@lossflow/core";
import { computeDetection } from "./detection.ts";
import type { DemoResults, SnowScore, TemperatureScore } from "./demo-results.ts";
import type { Predictions } from "./predictions-file.ts";
import type { RunScore } from "./score-run.ts";
import type { WeatherDay } from "./weather.ts";

/** The logit of probability 1/2. */
const EVEN_ODDS = 0;
/** How near to its last value a model counts as settled. */
const SETTLED_WITHIN = 0.05;

/** Brings the runs' scores into the figures that the demo shows. */
export function computeResults(days: readonly WeatherDay[], scores: readonly RunScore[]): DemoResults {
  const temperature = scores.filter(({ plan }) => plan.subject === "temperature");
  const snow = scores.filter(({ plan }) => plan.subject === "snow");
  const scored = temperature[0]?.predictions ?? {
    date: [],
    target: new Float64Array(),
    prediction: new Float64Array(),
  };
  return {
    days: days.length,
    temperature: temperature.map(temperatureScore),
    temperatureDays: scored.date.length,
    sameAsToday: sameAsTodayError(days, scored),
    snow: snow.map(snowScore),
    snowDays: days.filter((day) => day.snow).length,
  };
}

function temperatureScore({ plan, predictions, shared, sharedByEpoch }: RunScore): TemperatureScore {
  const { prediction, target } = predictions;
  const excess = prediction.reduce((sum, value, row) => sum + (value - target[row]!), 0);
  const unsettled = sharedByEpoch.findLastIndex(
    (error) => Math.abs(error - shared) > SETTLED_WITHIN * shared,
  );
  return {
    title: plan.title,
    faults: plan.faults,
    error: shared,
    bias: excess / target.length,
    settled: unsettled + 2,
  };
}

function snowScore({ plan, predictions, shared }: RunScore): SnowScore {
  return {
    title: plan.title,
    logLoss: shared,
    ...computeDetection(predictions.target, predictions.prediction, EVEN_ODDS),
  };
}

/** The error of foretelling, for each scored day, the temperature of the day before it. */
function sameAsTodayError(days: readonly WeatherDay[], { date, target }: Predictions): number {
  const dayBefore = new Map(days.slice(1).map((day, row) => [day.date, days[row]!.maximum]));
  const guess = Float64Array.from(date, (day) => dayBefore.get(day) ?? NaN);
  return meanAbsoluteError({ reduction: "mean" }).value(guess, target);
}
