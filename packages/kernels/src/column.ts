/** A column of numbers: any typed array that holds plain numbers. */
export type Column =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** The number by which assembly/columns.ts knows a column's type; -1 for what is no column. */
export function columnType(column: unknown): number {
  // The usual one first: a search costs as much as a block of losses.
  return column instanceof Float32Array ? 0 : COLUMN_TYPES.findIndex((type) => column instanceof type);
}

const COLUMN_TYPES = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
] as const;

/** The types up to this one, Float32Array and Float64Array, are of floats. */
export const LAST_FLOAT: number = 1;
