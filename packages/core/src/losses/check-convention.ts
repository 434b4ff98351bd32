import type { Convention, LossId } from "../loss.ts";
import { checkChoice } from "./check-choice.ts";
import { checkNumber } from "./check-number.ts";

/** Refuses a convention that categorical losses do not have. @throws LF_BAD_PARAMETER. */
export function checkConvention(loss: LossId, convention: Convention, eps: number): void {
  checkChoice(loss, "convention", convention, "exact", "torch", "keras", "keras_tf");
  checkNumber(loss, "eps", eps, 0, 0.5);
}
