import { LossflowError } from "../error.ts";
import type { LossId } from "../loss.ts";

/** Refuses a parameter unless `ok`. @throws LF_BAD_PARAMETER naming the loss, the parameter and what it takes. */
export function checkParameter(
  ok: boolean,
  loss: LossId,
  name: string,
  value: unknown,
  expected: string,
): void {
  if (ok) return;
  const got = JSON.stringify(value) ?? String(value);
  const message = `The parameter ${name} of ${loss} must be ${expected}; got ${got}.`;
  throw new LossflowError("LF_BAD_PARAMETER", message, { expected, got });
}
