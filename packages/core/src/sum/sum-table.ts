import { ExactSum } from "./exact-sum.ts";
import { productError } from "./product-error.ts";

/**
 * Keeps many exact sums in 24 bytes each: a group, a window or a bucket has one index here.
 *
 * A sum is an expansion of three doubles that together hold it exactly; what would not fit them (numbers more than 50
 * orders of magnitude apart, or near the ends of float64) goes to an {@link ExactSum} of that index alone, on need.
 */
export class SumTable {
  #parts: Float64Array;
  readonly #rest: Map<number, ExactSum> = new Map();

  /** Makes `length` sums of nothing. */
  constructor(length: number) {
    this.#parts = new Float64Array(3 * length);
  }

  get length(): number {
    return this.#parts.length / 3;
  }

  /** Makes room for `length` sums; those that are there stay. */
  grow(length: number): void {
    const parts = new Float64Array(3 * length);
    parts.set(this.#parts.subarray(0, parts.length));
    this.#parts = parts;
  }

  /** Adds `x` to sum `index`. @throws LF_NON_FINITE where `x` is NaN or infinite; the sum stays as it was. */
  add(index: number, x: number): void {
    const parts = this.#parts;
    const at = 3 * index;
    const a = parts[at]!;
    const b = parts[at + 1]!;
    const c = parts[at + 2]!;
    // Three exact additions in a row (Knuth), the error of each going into the next.
    const high = a + x;
    if (!(Math.abs(high) < 2 ** 1000 && Math.abs(x) < 2 ** 1000)) {
      this.#restOf(index).add(x);
      return;
    }
    const xPart = high - a;
    const highError = a - (high - xPart) + (x - xPart);
    const middle = b + highError;
    const highPart = middle - b;
    const middleError = b - (middle - highPart) + (highError - highPart);
    const low = c + middleError;
    const middlePart = low - c;
    const lowError = c - (low - middlePart) + (middleError - middlePart);
    parts[at] = high;
    parts[at + 1] = middle;
    parts[at + 2] = low;
    if (lowError !== 0) this.#restOf(index).add(lowError);
  }

  /** Adds the exact product `a * b` to sum `index`. @throws LF_NON_FINITE where a factor is not finite. */
  addProduct(index: number, a: number, b: number): void {
    const product = a * b;
    const size = Math.abs(product);
    if (size > 2 ** -800 && size < 2 ** 800 && Math.abs(a) < 2 ** 800 && Math.abs(b) < 2 ** 800) {
      this.add(index, product);
      this.add(index, productError(a, b, product));
    } else this.#restOf(index).addProduct(a, b);
  }

  /** Adds sum `from` of `other` to sum `index`; `other` stays as it is. */
  merge(index: number, other: SumTable, from: number): void {
    const at = 3 * from;
    for (let k = 0; k < 3; k++) this.add(index, other.#parts[at + k]!);
    const rest = other.#rest.get(from);
    if (rest !== undefined) this.#restOf(index).merge(rest);
  }

  /** Makes sum `index` that of nothing. */
  clear(index: number): void {
    this.#parts.fill(0, 3 * index, 3 * index + 3);
    this.#rest.delete(index);
  }

  /** Sum `index`, as a sum of its own. */
  sumAt(index: number): ExactSum {
    const sum = new ExactSum();
    for (let k = 0; k < 3; k++) sum.add(this.#parts[3 * index + k]!);
    const rest = this.#rest.get(index);
    if (rest !== undefined) sum.merge(rest);
    return sum;
  }

  #restOf(index: number): ExactSum {
    let rest = this.#rest.get(index);
    if (rest === undefined) this.#rest.set(index, (rest = new ExactSum()));
    return rest;
  }
}
