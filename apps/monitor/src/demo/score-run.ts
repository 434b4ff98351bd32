import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lossFromSpec } from "@lossflow/core";
import type { LogSink } from "@lossflow/logs";
import { readRun } from "@lossflow/logs/node";
import { runningLoss, type Pool } from "@lossflow/streaming/node";
import { lastValueFrom } from "rxjs";
import type { PlannedRun } from "./demo-plan.ts";
import { predictionsFromBytes, type Predictions } from "./predictions-file.ts";
import { LOG_FILE, PREDICTIONS_FILE } from "./train-demo.ts";

/** What a finished run's two files say. */
export interface RunScore {
  readonly plan: PlannedRun;
  readonly predictions: Predictions;
  /** The mean over all held-out rows of the loss that the models of a task share. */
  readonly shared: number;
  /** The same after each epoch. */
  readonly sharedByEpoch: readonly number[];
}

/**
 * Reads a finished run by both front doors, its log and its predictions, and holds them against each other: the means
 * that the engine forms of the predictions, those that core forms of the same arrays, and the last ones in the log.
 *
 * @throws where engine and log differ in a single bit, or engine and core by more than the one rounding that core's
 *   division of a rounded sum may add: one of them is wrong then.
 */
export async function scoreRun(plan: PlannedRun, folder: string, pool: Pool): Promise<RunScore> {
  const path = join(folder, plan.name, PREDICTIONS_FILE);
  const specs = [plan.spec, plan.shared.spec];
  const names = ["val/loss", `val/${plan.shared.name}`];
  const [{ results }, series] = await Promise.all([
    lastValueFrom(runningLoss(path, { losses: specs, target: "target", prediction: "prediction", pool })),
    seriesOfLog(join(folder, plan.name, LOG_FILE)),
  ]);
  const predictions = predictionsFromBytes(readFileSync(path));
  specs.forEach((spec, k) => {
    const engine = results[k]?.mean ?? NaN;
    const core = lossFromSpec({ ...spec, params: { ...spec.params, reduction: "mean" } });
    const logged = series.get(names[k]!)?.at(-1) ?? NaN;
    const direct = Number(core.value(predictions.prediction, predictions.target));
    if (engine !== logged || !(Math.abs(engine - direct) <= Number.EPSILON * engine)) {
      throw new Error(
        `the ${spec.loss} of ${path} is ${engine} by the engine, ${direct} by core and ${logged} in the log`,
      );
    }
  });
  return { plan, predictions, shared: results[1]?.mean ?? NaN, sharedByEpoch: series.get(names[1]!) ?? [] };
}

async function seriesOfLog(path: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const series = new Map<string, number[]>();
  const byHandle: number[][] = [];
  const sink: LogSink = {
    series(name) {
      const values: number[] = [];
      series.set(name, values);
      return byHandle.push(values) - 1;
    },
    point: (handle, value) => void byHandle[handle]!.push(value),
    event: () => undefined,
  };
  await readRun({ name: path, source: path, paths: [path] }, sink);
  return series;
}
