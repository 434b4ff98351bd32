/** What a value is: a finite number, a text, an integer past 2^53 by its digits, or one of few that stand for themselves. */
export type ValueKind = typeof NUMBER | typeof TEXT | typeof DIGITS | typeof SPECIAL;
export const NUMBER = 0;
export const TEXT = 1;
export const DIGITS = 2;
export const SPECIAL = 3;

/** Values by their numbers from 0, in arrays that grow. */
export class ValueList {
  #length = 0;
  #kinds: Uint8Array = new Uint8Array(64);
  #values: Float64Array = new Float64Array(64);

  /** Takes the arrays over, which are as long as each other: kinds from 0 to 3, with what {@link valueAt} says of each. */
  static of(kinds: Uint8Array, values: Float64Array): ValueList {
    const list = new ValueList();
    list.#length = kinds.length;
    list.#kinds = kinds;
    list.#values = values;
    return list;
  }

  get length(): number {
    return this.#length;
  }

  kindAt(id: number): ValueKind {
    return this.#kinds[id] as ValueKind;
  }

  /** A number itself; else which of the texts, of the digits or of what is special it is. */
  valueAt(id: number): number {
    return this.#values[id]!;
  }

  /** What {@link valueAt} says of all, until the next push. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** Adds a value. @returns its number */
  push(kind: ValueKind, value: number): number {
    const id = this.#length++;
    if (id >= this.#kinds.length) this.#grow(Math.max(64, Math.floor(1.5 * id)));
    this.#kinds[id] = kind;
    this.#values[id] = value;
    return id;
  }

  /** Takes all values out; the room stays. */
  clear(): void {
    this.#length = 0;
  }

  #grow(size: number): void {
    const kinds = new Uint8Array(size);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    const values = new Float64Array(size);
    values.set(this.#values);
    this.#values = values;
  }
}
