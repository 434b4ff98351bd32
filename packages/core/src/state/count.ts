/** How many rows: a number as long as it is safe, a bigint beyond 2^53. Write it with String(count) into JSON then. */
export type Count = number | bigint;

/** Adds two counts, exactly: a number as long as it is safe. */
export function addCounts(a: Count, b: Count): Count {
  const sum = Number(a) + Number(b);
  return sum < 2 ** 53 ? sum : BigInt(a) + BigInt(b);
}
