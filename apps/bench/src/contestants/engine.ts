import { RunningLoss, type RunningLossState } from "@lossflow/core";
import { createKernels, type SharedWorkspace } from "@lossflow/kernels";
import type { BenchCase } from "../bench-case.ts";
import type { BenchData, Reals } from "../bench-data.ts";
import { cpuSeconds, forChunks, type Contestant, type Pass } from "../contestant.ts";

/** The kernels over columns in their memory, with exact sums, extremes and counts. */
export function kernelsContestant(data: BenchData, workspace: SharedWorkspace): Contestant {
  const kernels = createKernels(workspace);
  return {
    name: "kernels",
    prepare: async ({ loss, classes, target }: BenchCase) => {
      const fold = kernels.fold(loss);
      return async () =>
        passOver((running) => {
          forChunks(data.numbers, classes, (first, rows) =>
            fold.add(columnsOf(data, target, first, rows, classes), first),
          );
          fold.drainInto(running);
        });
    },
    close: async () => {},
  };
}

/** The losses of core in plain TypeScript, into its running loss. */
export function coreContestant(data: BenchData): Contestant {
  const losses = new Float64Array(65_536);
  return {
    name: "core",
    prepare:
      async ({ loss, classes, target }: BenchCase) =>
      async () =>
        passOver((running) => {
          forChunks(data.numbers, classes, (first, rows) => {
            loss.unreduced(columnsOf(data, target, first, rows, classes), losses);
            RunningLoss.addArray(running, losses, { firstRow: first, end: rows });
          });
        }),
    close: async () => {},
  };
}

function columnsOf(
  { prediction, targets }: BenchData,
  target: BenchCase["target"],
  first: number,
  rows: number,
  classes: number,
): { prediction: Reals; target: Reals | Int32Array; rows: number; classes: number } {
  return {
    prediction: prediction.subarray(first * classes, (first + rows) * classes),
    target: targets[target].subarray(first, first + rows),
    rows,
    classes,
  };
}

function passOver(run: (running: RunningLossState) => void): Pass {
  const start = cpuSeconds();
  const running = RunningLoss.create({ squares: false });
  run(running);
  const { mean } = RunningLoss.value(running);
  return { cpuSeconds: cpuSeconds() - start, mean: mean ?? Number.NaN };
}
