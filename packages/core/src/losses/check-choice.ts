import type { LossId } from "../loss.ts";
import { checkParameter } from "./check-parameter.ts";

/** Refuses a parameter that is none of `choices`. @throws LF_BAD_PARAMETER. */
export function checkChoice(
  loss: LossId,
  name: string,
  value: unknown,
  ...choices: readonly unknown[]
): void {
  checkParameter(choices.includes(value), loss, name, value, `one of ${choices.join(", ")}`);
}
