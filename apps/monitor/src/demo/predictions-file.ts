import { renameSync, writeFileSync } from "node:fs";
import { Table, makeVector, tableFromIPC, tableToIPC, vectorFromArray, Utf8 } from "apache-arrow";

/** What a model said of the rows held out, and what was true. */
export interface Predictions {
  readonly date: readonly string[];
  readonly target: Float64Array;
  /** °C, or the logit of snow. */
  readonly prediction: Float64Array;
}

/** Writes predictions as one Arrow IPC stream; the file appears whole or not at all. */
export function writePredictions(path: string, { date, target, prediction }: Predictions): void {
  const table = new Table({
    date: vectorFromArray([...date], new Utf8()),
    target: makeVector(target),
    // apache-arrow writes bytes that two columns share once alone, and the stream is cut short: share none.
    prediction: makeVector(prediction.slice()),
  });
  writeFileSync(`${path}.part`, tableToIPC(table, "stream"));
  renameSync(`${path}.part`, path);
}

/** Reads back what {@link writePredictions} wrote; the arrays belong to the caller. */
export function predictionsFromBytes(bytes: Uint8Array): Predictions {
  const table = tableFromIPC<{ date: Utf8 }>(bytes);
  const numbers = (name: string): Float64Array => Float64Array.from(table.getChild(name as never)!.toArray());
  return {
    date: Array.from(table.getChild("date")!, String),
    target: numbers("target"),
    prediction: numbers("prediction"),
  };
}
