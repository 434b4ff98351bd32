import { LossflowError } from "../error.ts";

/** Says that a loss has no value for one row. @throws LF_NOT_DECOMPOSABLE on being called. */
export function notDecomposable(loss: string): () => never {
  return () => {
    throw new LossflowError(
      "LF_NOT_DECOMPOSABLE",
      `${loss} depends on all of the data and has no loss for one row: use its parts (whole).`,
    );
  };
}
