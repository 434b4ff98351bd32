import { refuse } from "../input/refuse.ts";
import type { LossId } from "../loss.ts";

/** Refuses a parameter unless `ok`. @throws LF_BAD_PARAMETER naming the loss, the parameter and what it takes. */
export function checkParameter(
  ok: boolean,
  loss: LossId,
  name: string,
  value: unknown,
  expected: string,
): void {
  if (!ok)
    refuse("LF_BAD_PARAMETER", `parameter ${name} of ${loss}`, JSON.stringify(value) ?? value, expected);
}
