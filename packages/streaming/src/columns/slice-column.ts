import { widthOfFormat, type Column, type ColumnBytes, type ListColumn, type TextColumn } from "./column.ts";
import { openBytes } from "./open-bytes.ts";

/**
 * Cuts rows `from` to `to` out of a column of open buffers: views, so that a piece carries no bytes of the others.
 * Offsets that make no sense stay as they are; the readers refuse them.
 */
export function sliceColumn(column: Column, from: number, to: number): Column {
  const length = to - from;
  const bits = {
    length,
    bitOffset: (column.bitOffset + from) & 7,
    validity: column.validity === null ? null : sliceBits(column.validity, column.bitOffset + from, length),
  };
  switch (column.kind) {
    case "number": {
      const width = widthOfFormat(column.format);
      return { ...column, ...bits, values: sliceBytes(column.values, from * width, to * width) };
    }
    case "boolean":
      return { ...column, ...bits, values: sliceBits(column.values, column.bitOffset + from, length) };
    case "text-view":
      return { ...column, ...bits, views: sliceBytes(column.views, 16 * from, 16 * to) };
    case "text": {
      const { offsets, start, end } = sliceOffsets(column, from, to);
      return { ...column, ...bits, offsets, values: sliceBytes(column.values, start, end) };
    }
    case "list": {
      const { offsets, start, end } = sliceOffsets(column, from, to);
      if (!(start >= 0 && end >= start && end <= column.child.length)) return { ...column, ...bits, offsets };
      return { ...column, ...bits, offsets, child: sliceColumn(column.child, start, end) };
    }
    case "fixed-list":
      return { ...column, ...bits, child: sliceColumn(column.child, from * column.size, to * column.size) };
    case "dictionary":
      return { ...column, ...bits, codes: sliceColumn(column.codes, from, to) as typeof column.codes };
    case "time":
      return { ...column, length, numbers: sliceColumn(column.numbers, from, to) as typeof column.numbers };
    case "values":
      return { ...column, ...bits, values: Array.prototype.slice.call(column.values, from, to) as unknown[] };
    case "cells":
      return {
        ...column,
        ...bits,
        starts: column.starts.subarray(from, to),
        ends: column.ends.subarray(from, to),
        quoted: column.quoted.subarray(from, to),
      };
    default:
      return { ...column, ...bits };
  }
}

function sliceBytes(bytes: ColumnBytes, start: number, end: number): Uint8Array {
  return openBytes(bytes, 0).subarray(start, end);
}

/** Cuts offsets and makes them begin at 0; `start` and `end` are what they reached before. */
function sliceOffsets(
  column: TextColumn | ListColumn,
  from: number,
  to: number,
): { offsets: Uint8Array; start: number; end: number } {
  const { wide } = column;
  const width = wide ? 8 : 4;
  const offsets = openBytes(column.offsets, (to + 1) * width).slice(from * width, (to + 1) * width);
  const view = new DataView(offsets.buffer);
  const at = (i: number): number =>
    wide ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true);
  const start = at(0);
  const end = at(to - from);
  for (let i = 0; i <= to - from; i++) {
    if (wide) view.setBigInt64(8 * i, BigInt(at(i) - start), true);
    else view.setInt32(4 * i, at(i) - start, true);
  }
  return { offsets, start, end };
}

function sliceBits(bits: ColumnBytes, from: number, length: number): ColumnBytes {
  return sliceBytes(bits, from >> 3, (from + length + 7) >> 3);
}
