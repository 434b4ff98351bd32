import { compareKeys, type Key } from "../keys/key.ts";
import type { KeyTable } from "../keys/key-table.ts";
import type { ValueTable } from "../keys/value-table.ts";
import type { GroupKey } from "./snapshot.ts";

/** A group by its number in the tables, and its key as people and JSON see it. */
export interface SortedGroup {
  readonly cell: number;
  readonly key: Readonly<Record<string, GroupKey>>;
}

/** Lists groups sorted by their keys, column after column; `by` are the names of the columns. */
export function sortedGroups(keys: KeyTable, by: readonly string[]): SortedGroup[] {
  const columns = keys.columns.map((column) => {
    const order = sortedValues(column);
    const ranks = new Int32Array(order.length);
    for (const [rank, id] of order.entries()) ranks[id] = rank;
    return { order, ranks };
  });
  const cells =
    columns.length === 1
      ? columns[0]!.order
      : sortedByRanks(
          keys,
          columns.map(({ ranks }) => ranks),
        );
  return Array.from(cells, (cell) => {
    const key: Record<string, GroupKey> = {};
    const values = keys.valuesAt(cell);
    for (const [k, name] of by.entries()) key[name] = plainKey(keys.columns[k]!.keyAt(values[k]!));
    return { cell, key };
  });
}

/** The values of a column by their numbers, sorted. */
function sortedValues(column: ValueTable): Int32Array {
  // Numbers alone sort without comparing by a function; each is then looked up again.
  const numbers = column.numbers();
  if (numbers !== null) return Int32Array.from(numbers.slice().sort(), (x) => column.ofNumber(x));
  const keys = Array.from({ length: column.length }, (_, id) => column.keyAt(id));
  return Int32Array.from(keys.keys()).sort((a, b) => compareKeys(keys[a]!, keys[b]!));
}

function sortedByRanks(keys: KeyTable, ranks: readonly Int32Array[]): Int32Array {
  const width = ranks.length;
  const own = new Int32Array(width * keys.length);
  for (let cell = 0; cell < keys.length; cell++) {
    keys.valuesAt(cell).forEach((value, k) => (own[cell * width + k] = ranks[k]![value]!));
  }
  return Int32Array.from({ length: keys.length }, (_, cell) => cell).sort((a, b) => {
    let k = 0;
    while (k < width - 1 && own[a * width + k] === own[b * width + k]) k++;
    return own[a * width + k]! - own[b * width + k]!;
  });
}

function plainKey(key: Key): GroupKey {
  return key === null ? null : key.v;
}
