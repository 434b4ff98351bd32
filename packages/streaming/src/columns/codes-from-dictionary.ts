import { LossflowError } from "@lossflow/core";
import type { DictionaryColumn } from "./column.ts";
import { integersFromColumn } from "./integers-from-column.ts";
import { numbersFromColumn } from "./numbers-from-column.ts";
import { nullsFromValidity, type Nulls } from "./nulls-from-validity.ts";
import type { Place } from "./place.ts";
import { OWN_ROOM, type RowRoom } from "./row-room.ts";

/** Reads the codes of a dictionary column, each checked against the dictionary's length. @throws LF_ARROW_INVALID */
export function codesFromDictionary(
  column: DictionaryColumn,
  place: Place,
  room: RowRoom = OWN_ROOM,
): { readonly codes: Int32Array | Float32Array | Float64Array; readonly nulls: Nulls } {
  const { validity, bitOffset, length } = column.codes;
  const nulls = nullsFromValidity(validity, bitOffset, length, room);
  const codes =
    integersFromColumn(column.codes, nulls, room) ??
    numbersFromColumn(column.codes, place, { falseIs: 0, room }).values;
  const size = sizeOfDictionary(column);
  for (let i = 0; i < codes.length; i++) {
    if (nulls !== null && nulls[i] === 1) continue;
    const code = codes[i]!;
    if (!(code >= 0 && code < size)) {
      throw new LossflowError(
        "LF_ARROW_INVALID",
        `${place.source}, row ${place.firstRow + i}, column ${JSON.stringify(place.column)}: ` +
          `its dictionary has ${size} entries, and the row asks for number ${code}.`,
        { path: place.source, row: place.firstRow + i, column: place.column },
      );
    }
  }
  return { codes, nulls };
}

/** How many entries the dictionary of a column has. */
export function sizeOfDictionary({ values }: DictionaryColumn): number {
  return values.reduce((sum, chunk) => sum + chunk.length, 0);
}
