/** Counts the zeros among the first `length` bits of a validity bitmap. */
export function countNulls(bitmap: Uint8Array, length: number): number {
  const whole = length >> 3;
  let ones = 0;
  for (let i = 0; i < whole; i++) ones += onesIn(bitmap[i]!);
  const rest = length & 7;
  if (rest > 0) ones += onesIn(bitmap[whole]! & ((1 << rest) - 1));
  return length - ones;
}

/** Adds neighbouring bits, then pairs, then fours. */
function onesIn(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const fours = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (fours + (fours >> 4)) & 0x0f;
}
