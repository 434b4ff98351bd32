import { LossflowError } from "@lossflow/core";
import type { ColumnBytes } from "./column.ts";
import { openBytes } from "./open-bytes.ts";
import { typedView } from "./typed-view.ts";

/**
 * Reads the `length + 1` offsets of a variable-size column and checks that they never fall nor are negative.
 * A column of no rows may have no offsets at all.
 * @throws LF_ARROW_INVALID
 */
export function checkedOffsets(bytes: ColumnBytes, length: number, wide: boolean): Int32Array | Float64Array {
  if (length === 0) return new Int32Array(1);
  const width = wide ? 8 : 4;
  const open = openBytes(bytes, (length + 1) * width, 2 * (length + 1) * width + 65536);
  const offsets = wide ? doublesFromInt64(open, length + 1) : typedView(open, Int32Array, length + 1);
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = offsets[i]!;
    if (!(offset >= last)) {
      throw new LossflowError(
        "LF_ARROW_INVALID",
        `Offset ${i} of a column is ${offset}, below the one before it, ${last}.`,
      );
    }
    last = offset;
  }
  return offsets;
}

function doublesFromInt64(bytes: Uint8Array, length: number): Float64Array {
  const words = typedView(bytes, Int32Array, 2 * length);
  const offsets = new Float64Array(length);
  for (let i = 0; i < length; i++) offsets[i] = words[2 * i + 1]! * 4294967296 + (words[2 * i]! >>> 0);
  return offsets;
}
