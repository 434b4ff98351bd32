import { LOSSES } from "@lossflow/core";
import { describeLoss } from "@lossflow/core/texts";
import { createPool, runningLoss, type Pool, type Snapshot, tableColumns } from "@lossflow/streaming";
import { lossSpecsFromText } from "../../../src/cli/loss-specs.ts";
import { lastValueFrom, tap } from "rxjs";
import type { DroppedTable, TableFigures, TableJob } from "./drop-messages.ts";

const TARGET = /^(target|label|labels|y|y_true|truth|actual|class|gold)$/i;
const PREDICTION =
  /^(prediction|pred|preds|y_pred|y_hat|yhat|logit|logits|score|scores|prob|proba|probability|p|output)$/i;
/** Rows of a point on the chart where nothing else is asked for. */
const ROWS = 1_000;

let pool: Pool | null = null;

/** Whether a file is a table of predictions rather than a log: Arrow or Parquet, or text with columns of such names. */
export async function isTable(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const magic = String.fromCharCode(...head);
  if (
    magic.startsWith("ARROW1") ||
    magic.startsWith("PAR1") ||
    head.subarray(0, 4).every((byte) => byte === 255 && head.length >= 8)
  )
    return true;
  try {
    const columns = await tableColumns(file);
    return columns.some((name) => TARGET.test(name)) && columns.some((name) => PREDICTION.test(name));
  } catch {
    // A log of some format: its reader knows.
    return false;
  }
}

/** Opens a table and looks at what it may be. @throws LF_* where it is damaged. */
export async function describeTable(file: File, table: number): Promise<DroppedTable> {
  const columns = await tableColumns(file);
  const prediction = columns.find((name) => PREDICTION.test(name)) ?? columns[1] ?? "";
  const target =
    columns.find((name) => TARGET.test(name)) ?? columns.find((name) => name !== prediction) ?? "";
  const loss = /logit/i.test(prediction) ? "bce_logits" : /^p$|prob/i.test(prediction) ? "bce" : "mse";
  return {
    table,
    name: file.name,
    columns,
    losses: LOSSES.map(describeLoss).map(({ id, formula }) => ({ id, formula })),
    guess: { loss, target, prediction, by: "", rows: ROWS },
  };
}

/** Evaluates a loss over a table in workers, with the engine of the command. @throws LF_* with the place of what was refused. */
export async function evaluateTable(
  file: File,
  job: TableJob,
  take: (figures: TableFigures) => void,
): Promise<void> {
  pool ??= createPool();
  const options = {
    losses: lossSpecsFromText([job.loss]),
    target: job.target,
    prediction: job.prediction,
    ...(job.by === "" ? {} : { by: job.by }),
    window: { rows: job.rows },
    top: 5,
    pool,
  };
  await lastValueFrom(runningLoss(file, options).pipe(tap((snapshot) => take(figuresOf(snapshot)))));
}

function figuresOf({ progress, done, workers, engine, results }: Snapshot): TableFigures {
  return { rows: progress.rows, done, workers, engine, result: results[0]! };
}
