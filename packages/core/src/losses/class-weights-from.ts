import type { LossId } from "../loss.ts";
import { checkParameter } from "./check-parameter.ts";
import { isNumberIn } from "./is-number-in.ts";

/** Copies one factor a class. @throws LF_BAD_PARAMETER unless each is a finite number from 0. */
export function classWeightsFrom(
  loss: LossId,
  name: string,
  weights: ArrayLike<number> | null,
): readonly number[] | null {
  if (weights === null) return null;
  const copy = Array.from(weights);
  checkParameter(
    copy.length > 0 && copy.every((w) => isNumberIn(w, 0)),
    loss,
    name,
    weights,
    "a list of numbers from 0, one for each class",
  );
  return copy;
}
