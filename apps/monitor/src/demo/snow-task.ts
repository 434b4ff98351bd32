import { foldFromInputs, type Task } from "./task.ts";
import type { WeatherDay } from "./weather.ts";

const FOLDS = 4;
const DAYS_A_BLOCK = 28;

/**
 * Makes the task of telling whether it snowed (1 or 0) from the day's temperatures, precipitation and wind.
 *
 * The last year has no snow at all, so a split by year would hold nothing out. Instead the days are cut into blocks
 * of four weeks, dealt out to four folds in turn: each day is scored by a model that has seen no day of its block.
 */
export function snowTask(days: readonly WeatherDay[]): Task {
  const inputs = days.map((day) => [day.maximum, day.minimum, Math.sqrt(day.precipitation), day.wind]);
  const target = Float64Array.from(days, (day) => (day.snow ? 1 : 0));
  const rows = Int32Array.from(days.keys());
  const foldOf = (row: number): number => Math.floor(row / DAYS_A_BLOCK) % FOLDS;
  return {
    inputs: inputs[0]?.length ?? 0,
    dates: days.map((day) => day.date),
    target,
    shown: target,
    folds: Array.from({ length: FOLDS }, (_, fold) =>
      foldFromInputs(
        inputs,
        rows.filter((row) => foldOf(row) !== fold),
        rows.filter((row) => foldOf(row) === fold),
      ),
    ),
  };
}
