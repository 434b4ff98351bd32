import { lastValueFrom } from "rxjs";
import { isLossflowError } from "@lossflow/core";
import type { LossJobOptions } from "../src/job/options.ts";
import type { Snapshot } from "../src/job/snapshot.ts";
import { runningLoss } from "../src/running-loss.ts";
import type { Source } from "../src/source/sources-from.ts";

/** The JSON of a job's results, or what it was refused with: all that may not depend on how the rows were cut. */
export async function figuresOf(
  source: Source | readonly Source[],
  options: LossJobOptions,
): Promise<string> {
  return pictureOf(lastValueFrom(runningLoss(source, options)));
}

/** The same of a snapshot, or of what there is instead of one. */
export async function pictureOf(snapshot: Promise<Snapshot>): Promise<string> {
  try {
    const { rows, shape, windowless, results, metrics } = await snapshot;
    return JSON.stringify({ rows, shape, windowless, results, metrics }, (key, value: unknown) => {
      if (typeof value === "bigint") return `${value}n`;
      if (typeof value === "number" && !Number.isFinite(value)) return `<${value}>`;
      return key === "source" ? "" : value;
    });
  } catch (error) {
    if (!isLossflowError(error)) throw error;
    return `${error.code} row ${error.row} column ${error.column}`;
  }
}
