import type { NextOutside } from "./check-range.ts";
import { outOfRange } from "./out-of-range.ts";

/**
 * As {@link outOfRange} from 0 to 1, in less than half the time for float32: the words of numbers from 0 on are in their
 * order, and those of negative numbers and of NaN above all of them.
 */
export const outOfUnit: NextOutside = (i, values, count, low, high) => {
  if (values instanceof Float32Array) {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
    while (i < count - 1 && words[i]! <= ONE && words[i + 1]! <= ONE) i += 2;
  }
  return outOfRange(i, values, count, low, high);
};

const ONE = 0x3f800000;
