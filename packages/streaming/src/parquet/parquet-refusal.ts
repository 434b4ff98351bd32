import { LossflowError } from "@lossflow/core";

/** Builds the refusal of a Parquet file that says what cannot be. */
export function invalidParquet(why: string): LossflowError {
  return new LossflowError("LF_PARQUET_INVALID", `The Parquet data is damaged: ${why}.`);
}
