import type { ColumnBytes } from "./column.ts";
import { openBytes } from "./open-bytes.ts";
import { OWN_ROOM, type RowRoom } from "./row-room.ts";

/** One byte a row, 1 where the row is null; null where no row is. */
export type Nulls = Uint8Array | null;

/** Expands a validity bitmap into one byte a row; null where every row holds a value. */
export function nullsFromValidity(
  validity: ColumnBytes | null,
  bitOffset: number,
  length: number,
  room: RowRoom = OWN_ROOM,
): Nulls {
  if (validity === null || length === 0) return null;
  const bytes = openBytes(validity, (bitOffset + length + 7) >> 3, 2 * length + 1024);
  let found = false;
  const nulls = room.bytes(length);
  for (let i = 0; i < length;) {
    const bit = bitOffset + i;
    // Whole bytes without a null are the common case.
    if ((bit & 7) === 0 && length - i >= 8 && bytes[bit >> 3] === 0xff) {
      i += 8;
      continue;
    }
    if (((bytes[bit >> 3]! >> (bit & 7)) & 1) === 0) {
      nulls[i] = 1;
      found = true;
    }
    i++;
  }
  return found ? nulls : null;
}

/** Joins two masks: a row is null where it is null in either. Neither is written. */
export function eitherNull(a: Nulls, b: Nulls, room: RowRoom = OWN_ROOM): Nulls {
  if (a === null || a === b) return b;
  if (b === null) return a;
  const both = room.bytes(a.length);
  for (let i = 0; i < both.length; i++) both[i] = a[i]! | b[i]!;
  return both;
}
