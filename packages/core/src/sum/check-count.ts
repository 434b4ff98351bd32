import { refuse } from "../input/refuse.ts";

/** Takes a count as a bigint. @throws LF_COUNT where it is no whole number from 0 on, or a number beyond 2^53. */
export function checkCount(count: number | bigint): bigint {
  if (!(typeof count === "bigint" || Number.isSafeInteger(count)) || count < 0)
    refuse("LF_COUNT", "count", count, "a whole number from 0, beyond 2^53 a bigint");
  return BigInt(count);
}
