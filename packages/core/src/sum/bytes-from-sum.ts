import { refuse } from "../input/refuse.ts";
import { checkSum } from "./check-sum.ts";
import type { ExactSum } from "./exact-sum.ts";

/**
 * Writes an exact sum as bytes that `sumFromBytes` reads on any machine; equal sums give equal bytes.
 *
 * Little-endian: int16 base, uint16 2 * count + (1 where negative), count uint32 digits.
 * @throws LF_BAD_PARAMETER for what is no sum, and one that has grown past these, by merges many times over.
 */
export function bytesFromSum(sum: ExactSum): Uint8Array {
  checkSum(sum);
  const { negative, base, digits } = sum.toDigits();
  const bytes = new Uint8Array(4 + 4 * digits.length);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, base, true);
  if (view.getInt16(0, true) !== base || digits.length >= 2 ** 15)
    refuse("LF_BAD_PARAMETER", "lowest digit of a sum", `2^${32 * base}`, "within 2^1000000 either way");
  view.setUint16(2, 2 * digits.length + (negative ? 1 : 0), true);
  digits.forEach((digit, k) => view.setUint32(4 + 4 * k, digit, true));
  return bytes;
}
