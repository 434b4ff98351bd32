import { bytesFromSum } from "./bytes-from-sum.ts";
import { ExactSum } from "./exact-sum.ts";
import { unreadable } from "./unreadable.ts";
import { viewOfBytes } from "./view-of-bytes.ts";

/** Reads what `bytesFromSum` wrote. @throws LF_STATE_DAMAGED for anything that it would not have written. */
export function sumFromBytes(bytes: Uint8Array): ExactSum {
  const view = viewOfBytes(bytes);
  const length = view.byteLength;
  const sum = new ExactSum();
  // Read whatever it is, and written again: what differs then was not written so.
  if (length > 7)
    sum.merge({
      toDigits: () => ({
        negative: view.getUint16(2, true) % 2 > 0,
        base: view.getInt16(0, true),
        digits: Array.from({ length: length / 4 - 1 }, (_, k) => view.getUint32(4 + 4 * k, true)),
      }),
    });
  const written = bytesFromSum(sum);
  if (written.length !== length || written.some((byte, k) => byte !== view.getUint8(k)))
    unreadable("LF_STATE_DAMAGED", "no exact sum");
  return sum;
}
