import { checkedOffsets } from "./checked-offsets.ts";
import type { Column, ListColumn } from "./column.ts";
import { nullsFromValidity, type Nulls } from "./nulls-from-validity.ts";
import { numbersFromColumn, type NumberReading } from "./numbers-from-column.ts";
import { numberFromValue } from "./numbers-from-values.ts";
import { columnRefusal, formatGot, refusal, type Place } from "./place.ts";

/** Rows of `size` numbers each, row after row. Where a row or an element is null its numbers mean nothing. */
export interface VectorRows {
  readonly values: Float32Array | Float64Array;
  /** 0 where no row of these holds a list, so that nothing is known of their length. */
  readonly size: number;
  readonly rowNulls: Nulls;
  /** One byte an element. */
  readonly elementNulls: Nulls;
}

/**
 * Reads a column of lists; every list must be of one length.
 * @throws LF_SHAPE with the row of the first list of another length; else as numbersFromColumn.
 */
export function vectorsFromColumn(column: Column, place: Place, reading: NumberReading): VectorRows {
  switch (column.kind) {
    case "fixed-list": {
      const inner = numbersFromColumn(column.child, place, reading);
      const due = column.length * column.size;
      if (inner.values.length < due) {
        throw columnRefusal(
          "LF_ARROW_INVALID",
          place,
          `its lists hold ${inner.values.length} numbers where ${due} are due.`,
        );
      }
      return {
        values: inner.values.length === due ? inner.values : inner.values.subarray(0, due),
        size: column.size,
        rowNulls: nullsFromValidity(column.validity, column.bitOffset, column.length, reading.room),
        elementNulls:
          inner.nulls === null || inner.nulls.length === due ? inner.nulls : inner.nulls.subarray(0, due),
      };
    }
    case "list":
      return vectorsFromOffsets(column, place, reading);
    case "values":
      return vectorsFromValues(column.values, place, reading);
    case "null":
      return {
        values: new Float64Array(0),
        size: 0,
        rowNulls: new Uint8Array(column.length).fill(1),
        elementNulls: null,
      };
    default:
      throw columnRefusal("LF_SHAPE", place, "it holds one value a row where a list is read.");
  }
}

/** Whether rows of this column are lists. A column of decoded values tells by its first value. */
export function holdsLists(column: Column): boolean {
  if (column.kind === "list" || column.kind === "fixed-list") return true;
  if (column.kind !== "values") return false;
  for (let i = 0; i < column.values.length; i++) {
    const value = column.values[i];
    if (value !== null && value !== undefined) return Array.isArray(value) || ArrayBuffer.isView(value);
  }
  return false;
}

function vectorsFromOffsets(column: ListColumn, place: Place, reading: NumberReading): VectorRows {
  const { length } = column;
  const offsets = checkedOffsets(column.offsets, length, column.wide);
  const rowNulls = nullsFromValidity(column.validity, column.bitOffset, length, reading.room);
  const inner = numbersFromColumn(column.child, place, reading);
  if (offsets[length]! > inner.values.length) {
    throw columnRefusal(
      "LF_ARROW_INVALID",
      place,
      `its lists reach to element ${offsets[length]!} of ${inner.values.length}.`,
    );
  }
  let size = -1;
  for (let i = 0; i < length; i++) {
    if (rowNulls?.[i] === 1) continue;
    const here = offsets[i + 1]! - offsets[i]!;
    if (size === -1) size = here;
    else if (here !== size) throw unevenRefusal(place, i, here, size);
  }
  if (size === -1) return { values: inner.values.subarray(0, 0), size: 0, rowNulls, elementNulls: null };
  let dense = true;
  for (let i = 0; i < length && dense; i++) dense = offsets[i]! + size === offsets[i + 1];
  if (dense) {
    // Without nulls, and wherever null rows are as long as the others, the child is the matrix already.
    return {
      values: inner.values.subarray(offsets[0], offsets[length]),
      size,
      rowNulls,
      elementNulls: inner.nulls?.subarray(offsets[0], offsets[length]) ?? null,
    };
  }
  const values =
    inner.values instanceof Float32Array ? new Float32Array(length * size) : new Float64Array(length * size);
  const elementNulls = inner.nulls === null ? null : new Uint8Array(length * size);
  for (let i = 0; i < length; i++) {
    if (rowNulls?.[i] === 1) continue;
    values.set(inner.values.subarray(offsets[i], offsets[i + 1]), i * size);
    elementNulls?.set((inner.nulls as Uint8Array).subarray(offsets[i], offsets[i + 1]), i * size);
  }
  return { values, size, rowNulls, elementNulls };
}

function vectorsFromValues(rows: ArrayLike<unknown>, place: Place, reading: NumberReading): VectorRows {
  const { length } = rows;
  let size = -1;
  let rowNulls: Uint8Array | null = null;
  for (let i = 0; i < length; i++) {
    const row = rows[i];
    if (row === null || row === undefined) {
      (rowNulls ??= new Uint8Array(length))[i] = 1;
      continue;
    }
    const here = listLength(row);
    if (here === -1) {
      throw refusal("LF_SHAPE", place, i, `${formatGot(row)} is one value where a list is read.`, {
        got: formatGot(row),
      });
    }
    if (size === -1) size = here;
    else if (here !== size) throw unevenRefusal(place, i, here, size);
  }
  if (size === -1) return { values: new Float64Array(0), size: 0, rowNulls, elementNulls: null };
  const values = new Float64Array(length * size);
  let elementNulls: Uint8Array | null = null;
  for (let i = 0; i < length; i++) {
    if (rowNulls?.[i] === 1) continue;
    const row = rows[i] as ArrayLike<unknown>;
    for (let j = 0; j < size; j++) {
      const value = row[j];
      if (value === null || value === undefined)
        (elementNulls ??= new Uint8Array(length * size))[i * size + j] = 1;
      else values[i * size + j] = numberFromValue(value, place, i, reading);
    }
  }
  return { values, size, rowNulls, elementNulls };
}

function listLength(row: unknown): number {
  if (Array.isArray(row)) return row.length;
  return ArrayBuffer.isView(row) && "length" in row && typeof row.length === "number" ? row.length : -1;
}

function unevenRefusal(place: Place, row: number, here: number, size: number): Error {
  return refusal(
    "LF_SHAPE",
    place,
    row,
    `its list has ${here} elements, those before it ${size}; all must be as long.`,
    {
      expected: String(size),
      got: String(here),
    },
  );
}
