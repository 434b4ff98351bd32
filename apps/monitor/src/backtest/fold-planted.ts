import { RunFold } from "../compute/run-fold.ts";
import type { PlantedRun } from "./planted-runs.ts";

/** Lets the points of a generated run go through a fold in the order in which a log would have them. */
export function foldPlanted({ steps, times, train, val, norm }: PlantedRun): RunFold {
  const fold = new RunFold();
  const series = [train, val, norm].map((one) => ({ ...one, handle: fold.series(one.metric) }));
  const place = { step: 0, epoch: Number.NaN, time: 0, rank: -1, segment: 0 };
  for (let i = 0; i < steps.length; i++) {
    place.step = steps[i]!;
    place.time = times[i]!;
    for (const { handle, every, values } of series) {
      if (i % every === every - 1) fold.point(handle, values[i]!, place);
    }
  }
  return fold;
}
