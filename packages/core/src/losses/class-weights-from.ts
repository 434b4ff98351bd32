import type { LossId } from "../loss.ts";
import { checkNumber } from "./check-number.ts";
import { checkParameter } from "./check-parameter.ts";

/** Copies a list of factors. @throws LF_BAD_PARAMETER unless there are some and each is a finite number from 0. */
export function classWeightsFrom(
  loss: LossId,
  name: string,
  weights: ArrayLike<number> | null,
): readonly number[] | null {
  if (weights === null) return null;
  const copy = Array.from(weights);
  checkParameter(copy.length > 0, loss, name, weights, "a list of numbers from 0");
  for (const weight of copy) checkNumber(loss, name, weight, 0);
  return copy;
}
