/** Plain bytes, or the bytes of an Arrow buffer as they stand in a compressed body: an 8-byte length, then one frame. */
export type ColumnBytes = Uint8Array | PackedBytes;

/** A compressed buffer, decompressed where it is read: in a worker, not on the reading thread. */
export interface PackedBytes {
  readonly codec: "lz4" | "zstd";
  readonly packed: Uint8Array;
}

/** How numbers lie in memory, little-endian. */
export type NumberFormat =
  | "i8"
  | "i16"
  | "i32"
  | "i64"
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "f16"
  | "f32"
  | "f64";

interface ColumnBase {
  readonly length: number;
  /** Bit i + bitOffset is 1 where row i holds a value; null where every row does. */
  readonly validity: ColumnBytes | null;
  readonly bitOffset: number;
}

/** Row i is the i-th number of `values`. */
export interface NumberColumn extends ColumnBase {
  readonly kind: "number";
  readonly format: NumberFormat;
  readonly values: ColumnBytes;
}

/** Row i is bit i + bitOffset of `values`. */
export interface BooleanColumn extends ColumnBase {
  readonly kind: "boolean";
  readonly values: ColumnBytes;
}

/** Row i is the UTF-8 text between `offsets[i]` and `offsets[i + 1]`, 64-bit offsets where `wide`. */
export interface TextColumn extends ColumnBase {
  readonly kind: "text";
  readonly wide: boolean;
  readonly offsets: ColumnBytes;
  readonly values: ColumnBytes;
}

/** Row i is a 16-byte view: short texts stand in it, long ones in one of `buffers`. */
export interface TextViewColumn extends ColumnBase {
  readonly kind: "text-view";
  readonly views: ColumnBytes;
  readonly buffers: readonly ColumnBytes[];
}

/** Row i is the elements of `child` between `offsets[i]` and `offsets[i + 1]`. */
export interface ListColumn extends ColumnBase {
  readonly kind: "list";
  readonly wide: boolean;
  readonly offsets: ColumnBytes;
  readonly child: Column;
}

/** Row i is the elements of `child` from i * size to (i + 1) * size. */
export interface FixedListColumn extends ColumnBase {
  readonly kind: "fixed-list";
  readonly size: number;
  readonly child: Column;
}

/** Row i is the value with number `codes[i]`, counted through all chunks of `values`. */
export interface DictionaryColumn extends ColumnBase {
  readonly kind: "dictionary";
  readonly codes: NumberColumn;
  readonly values: readonly Column[];
}

/** Row i is a moment, a duration or a time of day: an integer of `unit`, counted from 1970 or from midnight. */
export interface TimeColumn extends ColumnBase {
  readonly kind: "time";
  /** The name of its type. */
  readonly type: string;
  readonly unit: TimeUnit;
  /** 32- or 64-bit integers; nulls are theirs. */
  readonly numbers: NumberColumn;
}

export type TimeUnit = "day" | "s" | "ms" | "us" | "ns";

/** Every row is null. */
export interface NullColumn extends ColumnBase {
  readonly kind: "null";
}

/** Rows as JSON and Parquet decoders give them: numbers, booleans, texts, bigints, arrays of numbers, null. */
export interface ValuesColumn extends ColumnBase {
  readonly kind: "values";
  readonly values: ArrayLike<unknown>;
}

/** Rows as the unquoted text of CSV cells; an empty cell is null. */
export interface CellsColumn extends ColumnBase {
  readonly kind: "cells";
  readonly bytes: Uint8Array;
  /** Row i is bytes[starts[i] .. ends[i]); it still holds doubled quotes where `quoted[i]` is 1. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly quoted: Uint8Array;
}

/** A type that the engine does not read; it is refused only where a loss asks for it. */
export interface UnsupportedColumn extends ColumnBase {
  readonly kind: "unsupported";
  readonly type: string;
}

/** One column of one batch as plain data: it crosses to a worker as it is, and no Arrow class is needed to read it. */
export type Column =
  | NumberColumn
  | BooleanColumn
  | TextColumn
  | TextViewColumn
  | ListColumn
  | FixedListColumn
  | DictionaryColumn
  | TimeColumn
  | NullColumn
  | ValuesColumn
  | CellsColumn
  | UnsupportedColumn;

const WIDTHS: Readonly<Record<NumberFormat, 1 | 2 | 4 | 8>> = {
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  f16: 2,
  f32: 4,
  f64: 8,
};

/** Bytes of one number in `format`. */
export function widthOfFormat(format: NumberFormat): 1 | 2 | 4 | 8 {
  return WIDTHS[format];
}
