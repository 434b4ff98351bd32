import { widthOfFormat, type NumberColumn } from "./column.ts";
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
  const bytes = openBytes(values, size, 2 * size + 65536);
  switch (format) {
    case "i8":
      return typedView(bytes, Int8Array, length);
    case "u8":
      return typedView(bytes, Uint8Array, length);
    case "i16":
      return typedView(bytes, Int16Array, length);
    case "u16":
    case "f16":
      return typedView(bytes, Uint16Array, length);
    case "i32":
      return typedView(bytes, Int32Array, length);
    case "u32":
      return typedView(bytes, Uint32Array, length);
    case "f32":
      return typedView(bytes, Float32Array, length);
    case "f64":
      return typedView(bytes, Float64Array, length);
    default:
      return typedView(bytes, Int32Array, 2 * length);
  }
}
