import { ExactSum } from "./exact-sum.ts";
import { unreadable } from "./unreadable.ts";

/** Reads what `bytesFromSum` wrote. @throws LF_STATE_DAMAGED for anything that it would not have written. */
export function sumFromBytes(bytes: Uint8Array): ExactSum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = bytes.length < 4 ? 0 : view.getUint16(2, true);
  const count = header >> 1;
  const digitAt = (k: number): number => view.getUint32(4 + 4 * k, true);
  const isProper =
    bytes.length === 4 + 4 * count &&
    (count === 0 ? view.getUint32(0, true) === 0 : digitAt(0) !== 0 && digitAt(count - 1) !== 0);
  if (!isProper) throw unreadable("LF_STATE_DAMAGED", "no exact sum");
  const sum = new ExactSum();
  for (let k = 0; k < count; k++)
    sum.add((header & 1) === 1 ? -digitAt(k) : digitAt(k), 32 * (view.getInt16(0, true) + k));
  return sum;
}
