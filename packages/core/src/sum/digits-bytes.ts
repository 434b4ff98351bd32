import { LossflowError } from "../error.ts";
import type { ExactDigits } from "./exact-sum.ts";

/**
 * Writes an exact sum as bytes, little-endian: int16 base, uint16 2 * count + (1 where negative), count uint32 digits.
 * Equal sums give equal bytes.
 */
export function digitsToBytes({ negative, base, digits }: ExactDigits): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * digits.length);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, base, true);
  view.setUint16(2, 2 * digits.length + (negative ? 1 : 0), true);
  for (let k = 0; k < digits.length; k++) view.setUint32(4 + 4 * k, digits[k]!, true);
  return bytes;
}

/** Reads what {@link digitsToBytes} wrote. @throws LF_STATE_DAMAGED for anything that it would not have written. */
export function digitsFromBytes(bytes: Uint8Array): ExactDigits {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = bytes.length < 4 ? 0 : view.getUint16(2, true);
  const count = header >> 1;
  if (bytes.length !== 4 + 4 * count) {
    throw damaged(`${bytes.length} bytes cannot hold ${count} digits`);
  }
  const digits = new Uint32Array(count);
  for (let k = 0; k < count; k++) digits[k] = view.getUint32(4 + 4 * k, true);
  const base = view.getInt16(0, true);
  const negative = (header & 1) === 1;
  if (count === 0 ? negative || base !== 0 : digits[0] === 0 || digits[count - 1] === 0) {
    throw damaged("its digits are not in their one proper form");
  }
  return { negative, base, digits };
}

function damaged(why: string): LossflowError {
  return new LossflowError(
    "LF_STATE_DAMAGED",
    `These bytes are no exact sum, ${why}: use what toBytes gave, whole and unchanged.`,
  );
}
