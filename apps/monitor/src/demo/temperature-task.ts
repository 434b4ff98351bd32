import { seededRandom } from "./seeded-random.ts";
import { shuffle } from "./shuffle.ts";
import { foldFromInputs, type Task } from "./task.ts";
import type { WeatherDay } from "./weather.ts";

/** Days from this one on are held out. */
const FIRST_HELD_OUT = "2015-01-01";

/** What part of the training days carries a fault, where faults are asked for. */
export const FAULT_SHARE = 0.05;

/**
 * Makes the task of telling tomorrow's highest temperature (°C) from today's weather and the season: 2012 to 2014
 * to learn from, 2015 to score with.
 *
 * With `faults`, every twentieth training day, drawn by `seed`, was written down in °F. The days held out and the
 * inputs are always right.
 */
export function temperatureTask(
  days: readonly WeatherDay[],
  options: { readonly faults: boolean; readonly seed: number },
): Task {
  const tomorrows = days.slice(1);
  const inputs = tomorrows.map((tomorrow, row) => {
    const today = days[row]!;
    const angle = 2 * Math.PI * tomorrow.season;
    return [
      Math.sin(angle),
      Math.cos(angle),
      today.maximum,
      today.minimum,
      Math.sqrt(today.precipitation),
      today.wind,
    ];
  });
  const rows = Int32Array.from(tomorrows.keys());
  const train = rows.filter((row) => tomorrows[row]!.date < FIRST_HELD_OUT);
  const heldOut = rows.filter((row) => tomorrows[row]!.date >= FIRST_HELD_OUT);
  const target = Float64Array.from(tomorrows, (day) => day.maximum);
  const shown = target.slice();
  if (options.faults) {
    const drawn = train.slice();
    shuffle(drawn, seededRandom(options.seed));
    for (const row of drawn.subarray(0, Math.round(FAULT_SHARE * train.length))) {
      shown[row] = target[row]! * 1.8 + 32;
    }
  }
  return {
    inputs: inputs[0]?.length ?? 0,
    dates: tomorrows.map((day) => day.date),
    target,
    shown,
    folds: [foldFromInputs(inputs, train, heldOut)],
  };
}
