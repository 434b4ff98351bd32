import type { NumberColumn } from "./column.ts";
import type { Nulls } from "./nulls-from-validity.ts";
import type { RowRoom } from "./row-room.ts";
import { viewOfNumbers } from "./view-of-numbers.ts";

/**
 * Reads a column as integers of 32 bits, without a double a row; what stands at a null row may be anything. Shares memory
 * with the column where it can; not to be written.
 * @returns null for floats, and where an integer has more bits.
 * @throws LF_COMPRESSION, LF_ARROW_INVALID as {@link viewOfNumbers}, of integers
 */
export function integersFromColumn(column: NumberColumn, nulls: Nulls, room: RowRoom): Int32Array | null {
  const { format, length } = column;
  if (format === "f16" || format === "f32" || format === "f64") return null;
  const view = viewOfNumbers(column);
  if (view instanceof Int32Array)
    return format === "i32" ? view : lowWords(view, format === "i64", nulls, room);
  if (!(view instanceof Uint32Array)) return widened(view, room);
  const integers = new Int32Array(view.buffer, view.byteOffset, length);
  for (let i = 0; i < length; i++) if (integers[i]! < 0 && nulls?.[i] !== 1) return null;
  return integers;
}

function widened(integers: ArrayLike<number>, room: RowRoom): Int32Array {
  const values = room.ints(integers.length);
  values.set(integers);
  return values;
}

/** The low words of 64-bit integers, where the high ones but repeat their sign. */
function lowWords(words: Int32Array, signed: boolean, nulls: Nulls, room: RowRoom): Int32Array | null {
  const lows = room.ints(words.length / 2);
  for (let i = 0; i < lows.length; i++) {
    const low = words[2 * i]!;
    const high = words[2 * i + 1]!;
    if ((high !== low >> 31 || (high < 0 && !signed)) && nulls?.[i] !== 1) return null;
    lows[i] = low;
  }
  return lows;
}
