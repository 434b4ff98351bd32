import { widthOfFormat, type NumberColumn, type NumberFormat } from "./column.ts";
import { openBytes } from "./open-bytes.ts";
import { typedView } from "./typed-view.ts";

/** Numbers as they lie in memory: halves as their bits, integers of 64 bits as two words each, the low one first. */
export type NumberView =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * Views the numbers of a column, whose bytes are decompressed where they are packed; shares memory with the column where it
 * can; not to be written.
 * @throws LF_COMPRESSION, LF_ARROW_INVALID as {@link openBytes}
 */
export function viewOfNumbers({ format, length, values }: NumberColumn): NumberView {
  const size = length * widthOfFormat(format);
  const View = VIEWS[format];
  return typedView<NumberView>(
    openBytes(values, size, 2 * size + 65536),
    View,
    size / View.BYTES_PER_ELEMENT,
  );
}

const VIEWS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  f16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: Int32Array,
  u64: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Record<NumberFormat, unknown>;
