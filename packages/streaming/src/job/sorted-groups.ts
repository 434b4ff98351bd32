import { inverseOf, type KeyTable } from "../keys/key-table.ts";
import type { ValueTable } from "../keys/value-table.ts";
import type { GroupKey } from "./snapshot.ts";

/** Groups in the order of their keys. */
export interface SortedGroups {
  /** The number of each in the tables. */
  readonly cells: Int32Array;
  /** The key of a cell, as people and JSON see it. */
  readonly keyAt: (cell: number) => Readonly<Record<string, GroupKey>>;
}

/** Sorts groups by their keys, column after column, without an object a group; `by` are the names of the columns. */
export function sortedGroups(keys: KeyTable, by: readonly string[]): SortedGroups {
  const orders = keys.columns.map(sortedValues);
  return {
    cells: orders.length === 1 ? orders[0]! : sortedByRanks(keys, orders),
    keyAt(cell) {
      const values = keys.valuesAt(cell);
      const key: Record<string, GroupKey> = {};
      for (let k = 0; k < by.length; k++) {
        const value = keys.columns[k]!.keyAt(values[k]!)?.v ?? null;
        // Assigned, a column of this name would be the prototype.
        if (by[k] === "__proto__") Object.defineProperty(key, by[k]!, { value, enumerable: true });
        else key[by[k]!] = value;
      }
      return key;
    },
  };
}

/** The values of a column by their numbers, sorted. */
function sortedValues(column: ValueTable): Int32Array {
  return column.sortedNumbers() ?? countedTo(column.length).sort((a, b) => column.compare(a, b));
}

function sortedByRanks(keys: KeyTable, orders: readonly Int32Array[]): Int32Array {
  const width = orders.length;
  const ranks = orders.map(inverseOf);
  const own = new Int32Array(width * keys.length);
  for (let cell = 0; cell < keys.length; cell++) {
    keys.valuesAt(cell).forEach((value, k) => (own[cell * width + k] = ranks[k]![value]!));
  }
  return countedTo(keys.length).sort((a, b) => {
    let k = 0;
    while (k < width - 1 && own[a * width + k] === own[b * width + k]) k++;
    return own[a * width + k]! - own[b * width + k]!;
  });
}

function countedTo(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}
