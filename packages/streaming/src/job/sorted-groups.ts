import { compareKeys, type Key } from "../keys/key.ts";
import type { KeyTable } from "../keys/key-table.ts";
import type { ValueTable } from "../keys/value-table.ts";
import type { GroupKey } from "./snapshot.ts";

/** Groups in the order of their keys: the number of each in the tables, and its key as people and JSON see it. */
export interface SortedGroups {
  readonly cells: Int32Array;
  readonly keys: readonly Readonly<Record<string, GroupKey>>[];
}

/** Sorts groups by their keys, column after column; `by` are the names of the columns. */
export function sortedGroups(keys: KeyTable, by: readonly string[]): SortedGroups {
  const columns = keys.columns.map(sortedColumn);
  const alone = columns.length === 1;
  const cells = alone ? columns[0]!.order : sortedByRanks(keys, columns);
  const list: Readonly<Record<string, GroupKey>>[] = [];
  for (let i = 0; i < cells.length; i++) {
    const key: Record<string, GroupKey> = {};
    const values = alone ? undefined : keys.valuesAt(cells[i]!);
    for (let k = 0; k < by.length; k++)
      key[by[k]!] = columns[k]!.plainAt(values === undefined ? cells[i]! : values[k]!);
    list.push(key);
  }
  return { cells, keys: list };
}

interface SortedColumn {
  /** The values by their numbers, sorted. */
  readonly order: Int32Array;
  /** A value as people and JSON see it. */
  readonly plainAt: (value: number) => GroupKey;
}

function sortedColumn(column: ValueTable): SortedColumn {
  // Numbers alone sort without comparing by a function; each is then looked up again.
  const numbers = column.numbers();
  if (numbers !== null) {
    const order = Int32Array.from(numbers.slice().sort(), (x) => column.ofNumber(x));
    return { order, plainAt: (value) => numbers[value]! };
  }
  const keys: Key[] = [];
  for (let id = 0; id < column.length; id++) keys.push(column.keyAt(id));
  const order = Int32Array.from(keys.keys()).sort((a, b) => compareKeys(keys[a]!, keys[b]!));
  return { order, plainAt: (value) => keys[value]?.v ?? null };
}

function sortedByRanks(keys: KeyTable, columns: readonly SortedColumn[]): Int32Array {
  const width = columns.length;
  const ranks = columns.map(({ order }) => {
    const places = new Int32Array(order.length);
    for (let rank = 0; rank < order.length; rank++) places[order[rank]!] = rank;
    return places;
  });
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
