import type { RowRoom } from "../columns/row-room.ts";
import type { ByteReader } from "../fold/byte-reader.ts";
import type { ByteWriter } from "../fold/byte-writer.ts";
import { GrowingInts } from "./growing-ints.ts";
import type { Key } from "./key.ts";
import { PairTable } from "./pair-table.ts";
import { ValueTable } from "./value-table.ts";

/**
 * Gives the keys of rows, one value a grouping column, numbers from 0: the cell of each group in the tables of running
 * losses.
 *
 * A key of several values is a chain of pairs: the first two values are a pair, that and the third another, and so on.
 */
export class KeyTable {
  /** The values of each grouping column. */
  readonly columns: readonly ValueTable[];
  readonly #pairs: readonly PairTable[];

  private constructor(columns: readonly ValueTable[], pairs: readonly PairTable[]) {
    this.columns = columns;
    this.#pairs = pairs;
  }

  /** Makes the table of no keys, each of `width` values. */
  static ofWidth(width: number): KeyTable {
    return new KeyTable(
      Array.from({ length: width }, () => new ValueTable()),
      Array.from({ length: width - 1 }, () => new PairTable()),
    );
  }

  get length(): number {
    return (this.#pairs.at(-1) ?? this.columns[0]!).length;
  }

  /** Finds the groups of rows by the values of each column; what was given may be what is returned. */
  idsOfRows(values: readonly Int32Array[], room: RowRoom): Int32Array {
    return this.#pairs.reduce((left, pairs, k) => {
      const right = values[k + 1]!;
      const ids = room.ints(left.length);
      for (let i = 0; i < ids.length; i++) ids[i] = pairs.idOf(left[i]!, right[i]!);
      return ids;
    }, values[0]!);
  }

  /** Finds one key by its values. */
  idOf(values: readonly number[]): number {
    return this.#pairs.reduce((left, pairs, k) => pairs.idOf(left, values[k + 1]!), values[0]!);
  }

  /** Finds the groups of another table here; those that are not there yet are added. */
  idsIn(other: KeyTable): Int32Array {
    const mine = this.columns.map((column, k) => {
      const theirs = other.columns[k]!;
      const ids = new Int32Array(theirs.length);
      column.reserveFor(theirs);
      for (let id = 0; id < ids.length; id++) ids[id] = column.idIn(theirs, id);
      return ids;
    });
    return other.#pairs.reduce((left, pairs, k) => {
      const ids = new Int32Array(pairs.length);
      this.#pairs[k]!.reserve(pairs.length);
      for (let id = 0; id < ids.length; id++) {
        ids[id] = this.#pairs[k]!.idOf(left[pairs.leftAt(id)]!, mine[k + 1]![pairs.rightAt(id)]!);
      }
      return ids;
    }, mine[0]!);
  }

  /** The number of the value of each column in a group's key. */
  valuesAt(id: number): number[] {
    const values: number[] = [];
    let left = id;
    for (const pairs of this.#pairs.toReversed()) {
      values.push(pairs.rightAt(left));
      left = pairs.leftAt(left);
    }
    values.push(left);
    return values.reverse();
  }

  keysAt(id: number): Key[] {
    return this.valuesAt(id).map((value, k) => this.columns[k]!.keyAt(value));
  }

  /** Takes all keys out; the room stays. */
  clear(): void {
    for (const column of this.columns) column.clear();
    for (const pairs of this.#pairs) pairs.clear();
  }

  /** All groups, so that a table that they are looked up in one after the other finds each near the one before. */
  inOrder(): Int32Array {
    return (this.#pairs.at(-1) ?? this.columns[0]!).inOrder();
  }

  /** Writes the keys, group i being `order[i]`, all of them. */
  write(out: ByteWriter, order: Int32Array): void {
    const last = this.#pairs.length - 1;
    const valueOrders = this.columns.map((column) => (last === -1 ? order : column.inOrder()));
    for (const [k, column] of this.columns.entries()) column.write(out, valueOrders[k]!);
    let lefts = inverseOf(valueOrders[0]!);
    for (const [k, pairs] of this.#pairs.entries()) {
      const own = k === last ? order : pairs.inOrder();
      const rights = inverseOf(valueOrders[k + 1]!);
      out.ints(own.map((id) => lefts[pairs.leftAt(id)]!));
      out.ints(own.map((id) => rights[pairs.rightAt(id)]!));
      lefts = inverseOf(own);
    }
  }

  /** @throws LF_STATE_DAMAGED */
  static read(from: ByteReader, width: number): KeyTable {
    const columns = Array.from({ length: width }, () => ValueTable.read(from));
    const pairs: PairTable[] = [];
    let lefts = columns[0]!.length;
    for (let k = 1; k < width; k++) {
      const left = from.ints();
      const right = from.ints();
      const areBelow = (ids: Int32Array, end: number): boolean => ids.every((id) => id >= 0 && id < end);
      if (left.length !== right.length || !areBelow(left, lefts) || !areBelow(right, columns[k]!.length))
        throw from.damaged();
      pairs.push(new PairTable(GrowingInts.of(left), GrowingInts.of(right)));
      lefts = left.length;
    }
    return new KeyTable(columns, pairs);
  }
}

/** Where each of all numbers stands in an order. */
export function inverseOf(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) places[order[i]!] = i;
  return places;
}
