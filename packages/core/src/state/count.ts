import { checkCount } from "../sum/check-count.ts";

/** How many rows: a number as long as it is safe, a bigint beyond 2^53. Write it with String(count) into JSON then. */
export type Count = number | bigint;

/** Adds two counts, exactly. */
export function addCounts(a: Count, b: Count): Count {
  const sum = Number(a) + Number(b);
  return sum < 2 ** 53 ? sum : BigInt(a) + BigInt(b);
}

/** Multiplies two counts, exactly. @throws LF_COUNT where `times` is no whole number from 0 on. */
export function multiplyCounts(a: Count, times: Count): Count {
  return countFrom(BigInt(a) * checkCount(times));
}

/** A number as long as it is safe. */
export function countFrom(count: bigint): Count {
  return count < 2n ** 53n ? Number(count) : count;
}
