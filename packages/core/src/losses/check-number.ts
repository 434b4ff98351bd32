import type { LossId } from "../loss.ts";
import { checkParameter } from "./check-parameter.ts";

/** The smallest number above 0, for {@link checkNumber}. */
export const ABOVE_0: number = Number.MIN_VALUE;

/** Refuses a parameter that is no finite number from `low` to `high`. @throws LF_BAD_PARAMETER. */
export function checkNumber(
  loss: LossId,
  name: string,
  value: unknown,
  low: number,
  high: number = Infinity,
): void {
  const ok = typeof value === "number" && value >= low && value <= high && Math.abs(value) < Infinity;
  const from = low === ABOVE_0 ? " above 0" : low > -Infinity ? ` from ${low}` : "";
  checkParameter(ok, loss, name, value, `a finite number${from}${high < Infinity ? ` up to ${high}` : ""}`);
}
