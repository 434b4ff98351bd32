import type { Convention, LossId } from "../loss.ts";
import { checkParameter } from "./check-parameter.ts";
import { isNumberIn } from "./is-number-in.ts";

/** Refuses what categorical losses cannot take. @throws LF_BAD_PARAMETER. */
export function checkCategorical(
  loss: LossId,
  labelSmoothing: number,
  convention: Convention,
  eps: number,
): void {
  checkParameter(
    isNumberIn(labelSmoothing, 0, 1),
    loss,
    "label_smoothing",
    labelSmoothing,
    "a number from 0 to 1",
  );
  checkParameter(
    CONVENTIONS.includes(convention),
    loss,
    "convention",
    convention,
    `one of ${CONVENTIONS.join(", ")}`,
  );
  checkParameter(isNumberIn(eps, 0, 0.5), loss, "eps", eps, "a number from 0 to 0.5");
}

const CONVENTIONS: readonly Convention[] = ["exact", "torch", "keras", "keras_tf"];
