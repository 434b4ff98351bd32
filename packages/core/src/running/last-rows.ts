import { numberFrom } from "../input/number-from.ts";
import { refuse } from "../input/refuse.ts";
import { addNonFinite } from "../state/add-non-finite.ts";
import { checkRow } from "../state/check-row.ts";
import type { Count } from "../state/count.ts";
import { create, type RunningLossOptions, type RunningLossState } from "../state/running-loss-state.ts";
import { value, type RunningLossValue } from "../state/state-value.ts";

/**
 * Keeps the running loss of the last `size` rows. What leaves the window is taken from the exact sums again, so nothing
 * of it stays: the figures are those of the rows in the window, to the last bit. A row costs the same whatever the size.
 */
export class LastRows {
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  readonly #rows: Float64Array;
  readonly #missing: Uint8Array;
  readonly #state: RunningLossState;
  /** How many terms weight * loss in the window are NaN, Infinity, -Infinity. */
  readonly #terms: [number, number, number] = [0, 0, 0];
  readonly #lowest: Extremes;
  readonly #highest: Extremes;
  /** Rows seen; row i stands in slot i % size. */
  #seen = 0;

  /** @throws LF_BAD_PARAMETER where `size` is not a whole number from 1 to 2^24; options as RunningLoss.create has them, without parts. */
  constructor(size: number, options?: Omit<RunningLossOptions, "parts"> | null) {
    if (!(Number.isInteger(size) && size >= 1 && size <= 2 ** 24))
      refuse("LF_BAD_PARAMETER", "number of rows of a window", size, "a whole number from 1 to 2^24");
    this.#values = new Float64Array(size);
    this.#weights = new Float64Array(size);
    this.#rows = new Float64Array(size);
    this.#missing = new Uint8Array(size);
    this.#lowest = new Extremes(this.#values, this.#rows, 1);
    this.#highest = new Extremes(this.#values, this.#rows, -1);
    this.#state = create(options);
  }

  /** Adds a row, null where it is missing; the oldest leaves. @throws as RunningLoss.add; the window stays as it was. */
  add(loss: number | null, weight: number = 1, row: number = Infinity): void {
    checkRow(row, weight);
    const x = loss === null ? 0 : numberFrom(loss);
    if (loss !== null && !Number.isFinite(x) && this.#state.nanPolicy === "throw" && !this.#ignores(weight)) {
      addNonFinite(this.#state, x, weight, row);
    }
    const slot = this.#seen % this.#values.length;
    if (this.#seen >= this.#values.length) this.#count(slot, -1);
    this.#values[slot] = x;
    this.#weights[slot] = weight;
    this.#rows[slot] = row;
    this.#missing[slot] = loss === null ? 1 : 0;
    this.#count(slot, 1);
    const ranks = loss !== null && Number.isFinite(x) && !this.#ignores(weight);
    const low = this.#lowest.next(this.#seen, ranks);
    const high = this.#highest.next(this.#seen, ranks);
    const state = this.#state;
    state.min = low === null ? Infinity : this.#values[low]! + 0;
    state.max = high === null ? -Infinity : this.#values[high]! + 0;
    state.minRow = low === null ? Infinity : this.#rows[low]!;
    state.maxRow = high === null ? Infinity : this.#rows[high]!;
    this.#seen++;
  }

  /** The figures of the rows in the window, as RunningLoss.value gives them. */
  value(): RunningLossValue {
    return value(this.#state);
  }

  #ignores(weight: number): boolean {
    return weight === 0 && this.#state.zeroWeight === "ignore";
  }

  /** Adds the row of a slot to counts and sums, or takes it away. */
  #count(slot: number, sign: 1 | -1): void {
    const state = this.#state;
    const x = this.#values[slot]!;
    const weight = this.#weights[slot]!;
    const one = (count: Count): Count => Number(count) + sign;
    if (this.#missing[slot] === 1) state.missing = one(state.missing);
    else if (this.#ignores(weight)) state.ignored = one(state.ignored);
    else if (Number.isFinite(x)) {
      state.finite = one(state.finite);
      if (weight === 0) state.zeroWeights = one(state.zeroWeights);
      state.sum.addProduct(sign * x, weight);
      state.weightSum.add(sign * weight);
      state.squares?.sum.addProduct(sign * x, x, weight);
      state.squares?.weightSum.addProduct(sign * weight, weight);
    } else {
      const kind = Number.isNaN(x) ? "nan" : x > 0 ? "posInf" : "negInf";
      state[kind] = one(state[kind]);
      const term = x * weight;
      this.#terms[Number.isNaN(term) ? 0 : term > 0 ? 1 : 2] += sign;
      state.nonFiniteTerms = this.#terms.reduce((bits, count, k) => bits | (count > 0 ? 1 << k : 0), 0);
    }
  }
}

/**
 * The places that have, or may come to have, the extreme of the window, oldest first: each more extreme than those behind it, or
 * as extreme and of an earlier row.
 */
class Extremes {
  readonly #places: Float64Array;
  readonly #values: Float64Array;
  readonly #rows: Float64Array;
  readonly #sign: 1 | -1;
  #head = 0;
  #count = 0;

  /** Of the least of the values, or with `sign` -1 of the greatest; place i stands in slot i % length. */
  constructor(values: Float64Array, rows: Float64Array, sign: 1 | -1) {
    this.#places = new Float64Array(values.length);
    this.#values = values;
    this.#rows = rows;
    this.#sign = sign;
  }

  /** Moves on to place `seen`, which takes part if it `ranks`. @returns the slot of the extreme, of equals that of the first row. */
  next(seen: number, ranks: boolean): number | null {
    const size = this.#places.length;
    if (this.#count > 0 && this.#places[this.#head]! <= seen - size) {
      this.#head = (this.#head + 1) % size;
      this.#count--;
    }
    if (ranks) {
      while (this.#count > 0 && !this.#precedes(this.#slotOf(this.#count - 1), seen % size)) this.#count--;
      this.#places[(this.#head + this.#count) % size] = seen;
      this.#count++;
    }
    return this.#count === 0 ? null : this.#slotOf(0);
  }

  #precedes(a: number, b: number): boolean {
    const above = this.#sign * (this.#values[b]! - this.#values[a]!);
    return above > 0 || (above === 0 && this.#rows[a]! < this.#rows[b]!);
  }

  /** The slot of the k-th of the places. */
  #slotOf(k: number): number {
    const size = this.#places.length;
    return this.#places[(this.#head + k) % size]! % size;
  }
}
