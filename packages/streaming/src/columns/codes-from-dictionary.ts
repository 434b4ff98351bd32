import { LossflowError } from "@lossflow/core";
import type { DictionaryColumn } from "./column.ts";
import { numbersFromColumn } from "./numbers-from-column.ts";
import type { Nulls } from "./nulls-from-validity.ts";
import type { Place } from "./place.ts";
import type { RowRoom } from "./row-room.ts";

/** Reads the codes of a dictionary column, each checked against the dictionary's length. @throws LF_ARROW_INVALID */
export function codesFromDictionary(
  column: DictionaryColumn,
  place: Place,
  room?: RowRoom,
): { readonly codes: Float32Array | Float64Array; readonly nulls: Nulls } {
  const { values: codes, nulls } = numbersFromColumn(column.codes, place, { falseIs: 0, room });
  const size = column.values.reduce((sum, chunk) => sum + chunk.length, 0);
  for (let i = 0; i < codes.length; i++) {
    if (nulls?.[i] === 1) continue;
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
