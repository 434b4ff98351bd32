import type { ExactSum } from "./exact-sum.ts";

/**
 * Writes an exact sum as bytes that `sumFromBytes` reads on any machine; equal sums give equal bytes.
 *
 * Little-endian: int16 base, uint16 2 * count + (1 where negative), count uint32 digits.
 */
export function bytesFromSum(sum: ExactSum): Uint8Array {
  const { negative, base, digits } = sum.toDigits();
  const bytes = new Uint8Array(4 + 4 * digits.length);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, base, true);
  view.setUint16(2, 2 * digits.length + (negative ? 1 : 0), true);
  digits.forEach((digit, k) => view.setUint32(4 + 4 * k, digit, true));
  return bytes;
}
