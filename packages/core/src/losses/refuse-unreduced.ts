import { LossflowError } from "../error.ts";
import type { LossId } from "../loss.ts";

/** Says that a loss has no value for one row. @throws LF_NOT_DECOMPOSABLE. */
export function refuseUnreduced(loss: LossId): never {
  throw new LossflowError(
    "LF_NOT_DECOMPOSABLE",
    `${loss} depends on all of the data and has no loss for one row: use its parts (whole).`,
  );
}
