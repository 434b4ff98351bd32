// What a table holds, value by value: numbers and texts as they are, lists as arrays, null, and a code for a column whose
// values are refused.
import { isLossflowError } from "@lossflow/core";
import { numbersFromColumn } from "../../dist/columns/numbers-from-column.js";
import { holdsLists, vectorsFromColumn } from "../../dist/columns/vectors-from-column.js";
import { idsFromColumn } from "../../dist/keys/ids-from-column.js";
import { ValueTable } from "../../dist/keys/value-table.js";
import { Arena } from "../../dist/source/arena.js";
import { columnsFromPayload } from "../../dist/worker/columns-from-payload.js";

/** Codes that speak of what a loss can read, not of damage. */
const NOT_NUMBERS = /^LF_(?:NOT_NUMERIC|NOT_A_NUMBER|BAD_GROUP|SHAPE|INTEGER)/;

/** Reads all columns of an open table. @returns the values of each by its name, and the count of rows. */
export async function readValues(table) {
  const names = [...new Set(table.columns)];
  const values = Object.fromEntries(names.map((name) => [name, []]));
  let rows = 0;
  try {
    for await (const segment of table.segments(names, new Arena(2))) {
      const { columns } = await columnsFromPayload(segment.payload, segment.rows, table.name, rows);
      for (const [i, name] of names.entries()) values[name].push(...valuesOf(columns[i], name, segment.rows));
      rows += segment.rows;
      segment.release();
    }
  } finally {
    await table.close();
  }
  return { rows, values };
}

function valuesOf(column, name, rows) {
  const place = { source: "table", column: name, firstRow: 0 };
  const reading = { falseIs: 0 };
  try {
    if (column.kind === "null") return Array.from({ length: rows }, () => null);
    if (holdsLists(column)) {
      const { size, values, rowNulls, elementNulls } = vectorsFromColumn(column, place, reading);
      return Array.from({ length: rows }, (_, i) =>
        rowNulls?.[i] === 1
          ? null
          : Array.from({ length: size }, (_, k) => valueAt(values, elementNulls, i * size + k)),
      );
    }
    try {
      const { values, nulls } = numbersFromColumn(column, place, reading);
      return Array.from({ length: rows }, (_, i) => valueAt(values, nulls, i));
    } catch (error) {
      if (!isLossflowError(error) || !NOT_NUMBERS.test(error.code)) throw error;
      const table = new ValueTable();
      const ids = idsFromColumn(column, place, table);
      return Array.from({ length: rows }, (_, i) => textOf(table.keyAt(ids[i])));
    }
  } catch (error) {
    if (isLossflowError(error) && NOT_NUMBERS.test(error.code)) return [error.code];
    throw error;
  }
}

function valueAt(values, nulls, i) {
  if (nulls?.[i] === 1) return null;
  return Number.isFinite(values[i]) ? values[i] : String(values[i]);
}

function textOf(key) {
  return key !== null && typeof key === "object" ? key.v : key;
}
