import { GrowingInts } from "./growing-ints.ts";
import { TextTable } from "./text-table.ts";
import type { DIGITS, TEXT, ValueList } from "./value-list.ts";

/** Finds the values of a list that are texts, or those that are digits, by the numbers of their bytes. */
export class TextIds {
  readonly table: TextTable;
  readonly #list: ValueList;
  readonly #kind: typeof TEXT | typeof DIGITS;
  /** The value of each text, -1 where it has none. */
  readonly #ids: GrowingInts = new GrowingInts();

  /** @param table where the list says which text each of its values of that kind is. */
  constructor(kind: typeof TEXT | typeof DIGITS, list: ValueList, table: TextTable = new TextTable()) {
    this.#kind = kind;
    this.#list = list;
    this.table = table;
  }

  /** The value that a text is, which is added where it is not there yet. */
  idOf(text: number): number {
    const known = this.known(text);
    if (known !== -1) return known;
    const id = this.#list.push(this.#kind, text);
    this.note(text, id);
    return id;
  }

  /** The value that the text `bytes[from .. to)` is. */
  idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.idOf(this.table.idOf(bytes, from, to));
  }

  /** The value here that a text of another is. */
  idIn(other: TextIds, text: number): number {
    return this.idOf(this.table.idIn(other.table, text));
  }

  /** The value of a text; -1 where it has none. */
  known(text: number): number {
    return text < this.#ids.length ? this.#ids.at(text) : -1;
  }

  /** Takes note that a text has a value of the list. */
  note(text: number, id: number): void {
    while (this.#ids.length <= text) this.#ids.push(-1);
    this.#ids.set(text, id);
  }

  /** The values that are these texts, in about the order of the hashes of those. */
  inOrder(): Int32Array {
    const ids = new Int32Array(this.table.length);
    let count = 0;
    for (const text of this.table.inOrder()) {
      const id = this.known(text);
      // A text that is no UTF-8 has the value of another.
      if (id !== -1 && this.#list.valueAt(id) === text) ids[count++] = id;
    }
    return ids.subarray(0, count);
  }

  /** Forgets all texts, as the list does; the room stays. */
  clear(): void {
    this.table.clear();
    this.#ids.clear();
  }
}
