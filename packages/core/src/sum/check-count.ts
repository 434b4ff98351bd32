import { LossflowError } from "../error.ts";

/** Takes a count as a bigint. @throws LF_COUNT where it is no whole number from 0 on, or a number beyond 2^53. */
export function checkCount(count: number | bigint): bigint {
  if (typeof count === "number" ? !(Number.isSafeInteger(count) && count >= 0) : count < 0n) {
    throw new LossflowError(
      "LF_COUNT",
      `A count is a whole number from 0 on, beyond 2^53 a bigint; got ${count}.`,
      { got: String(count) },
    );
  }
  return BigInt(count);
}
