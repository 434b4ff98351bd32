import { LossflowError } from "../error.ts";
import { refuse } from "../input/refuse.ts";
import { ExactSum, type ExactDigits } from "./exact-sum.ts";
import { productError } from "./product-error.ts";
import { numbersOf } from "./numbers-of.ts";
import { newDoubles, type TakeDoubles } from "./take-doubles.ts";

/**
 * Keeps many exact sums in 24 bytes each: a group, a window or a bucket has one index here.
 *
 * A sum is an expansion of three doubles that together hold it exactly; what would not fit them (numbers more than 50
 * orders of magnitude apart, or near the ends of float64) goes to an {@link ExactSum} of that index alone, on need.
 */
export class SumTable {
  #parts: Float64Array;
  readonly #rest: Map<number, ExactSum> = new Map();

  /** Makes `length` sums of nothing. @throws LF_COUNT where that is no whole number from 0 to 2^28. */
  constructor(length: number) {
    this.#parts = partsOf(length);
  }

  get length(): number {
    return this.#parts.length / 3;
  }

  /** Makes room for `length` sums; of those that are there the first as many stay. @throws as the constructor. */
  grow(length: number): void {
    const parts = partsOf(length);
    parts.set(this.#parts.subarray(0, parts.length));
    this.#parts = parts;
  }

  /**
   * Adds `x` to sum `index`.
   * @throws LF_NON_FINITE where `x` is NaN or infinite, LF_BAD_PARAMETER where there is no such sum; all stays as it was.
   */
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

  /** Adds the exact product `a * b` to sum `index`. @throws as {@link SumTable.add}, of a factor. */
  addProduct(index: number, a: number, b: number): void {
    const product = a * b;
    const size = Math.abs(product);
    if (size > 2 ** -800 && size < 2 ** 800 && Math.abs(a) < 2 ** 800 && Math.abs(b) < 2 ** 800) {
      this.add(index, product);
      this.add(index, productError(a, b, product));
    } else this.#restOf(index).addProduct(a, b);
  }

  /** Adds sum `from` of `other` to sum `index`; `other` stays as it is. @throws LF_BAD_PARAMETER where there is no such sum. */
  merge(index: number, other: SumTable, from: number): void {
    if (!(Object(other) === other && #parts in other))
      refuse("LF_BAD_PARAMETER", "table of sums to merge", other, "a SumTable");
    const at = 3 * from;
    const middle = other.#parts[at + 1];
    const low = other.#parts[at + 2];
    if (low === undefined) other.#check(from);
    this.add(index, other.#parts[at]!);
    // Few sums need their lower parts.
    if (middle !== 0) this.add(index, middle!);
    if (low !== 0) this.add(index, low!);
    const rest = other.#rest.size === 0 ? undefined : other.#rest.get(from);
    if (rest !== undefined) this.#restOf(index).merge(rest);
  }

  /** Makes the first `length` sums those of nothing. */
  clearAll(length: number = this.length): void {
    this.#parts.fill(0, 0, 3 * length);
    this.#rest.clear();
  }

  /** Makes sum `index` that of nothing. @throws LF_BAD_PARAMETER where there is no such sum. */
  clear(index: number): void {
    this.#check(index);
    this.#parts.fill(0, 3 * index, 3 * index + 3);
    this.#rest.delete(index);
  }

  /** Sum `index`, as a sum of its own. @throws LF_BAD_PARAMETER where there is no such sum. */
  sumAt(index: number): ExactSum {
    this.#check(index);
    const sum = new ExactSum();
    for (let k = 0; k < 3; k++) sum.add(this.#parts[3 * index + k]!);
    const rest = this.#rest.get(index);
    if (rest !== undefined) sum.merge(rest);
    return sum;
  }

  /**
   * Writes sum `index`, rounded once, and what that leaves of it, rounded, into `out`, at a tenth of the cost of
   * {@link SumTable.sumAt}.
   * @returns false where that needs the exact digits: nothing was written.
   */
  headAt(index: number, out: Float64Array): boolean {
    const parts = this.#parts;
    const at = 3 * index;
    const a = parts[at]!;
    const b = parts[at + 1]!;
    const c = parts[at + 2]!;
    if (b === 0 && c === 0) {
      out[0] = a;
      out[1] = 0;
      return this.#rest.size === 0 || !this.#rest.has(index);
    }
    // Two exact additions bring the parts into order, a third the head's error.
    const sum = a + b;
    const back = sum - a;
    const error = a - (sum - back) + (b - back);
    const middle = error + c;
    const middleBack = middle - error;
    const low = error - (middle - middleBack) + (c - middleBack);
    const head = sum + middle;
    const headBack = head - sum;
    const rest = sum - (head - headBack) + (middle - headBack);
    out[0] = head + 0;
    out[1] = rest + low;
    // Half of a unit of the head may be a tie that what lies below decides; below 2^-960 errors leave float64.
    const isTie = low !== 0 && head + 2 * rest - head === 2 * rest;
    const isOrdered = head + rest === head && (low === 0 || (rest !== 0 && rest + low === rest));
    return (
      isOrdered && !isTie && Math.abs(head) > 2 ** -900 && (this.#rest.size === 0 || !this.#rest.has(index))
    );
  }

  /**
   * Writes sums as plain numbers, which {@link SumTable.fromNumbers} reads: sum i is `order[i]`. Equal sums may differ in
   * them. `take` gives the array that they are written to.
   */
  toNumbers(order: Int32Array, take: TakeDoubles = newDoubles): Float64Array {
    const { length } = order;
    const rest: number[] = [];
    let count = 0;
    if (this.#rest.size > 0) {
      for (let i = 0; i < length; i++) {
        const { negative, base, digits } = this.#rest.get(order[i]!)?.toDigits() ?? NO_DIGITS;
        if (digits.length === 0) continue;
        rest.push(i, base, negative ? -1 : 1, digits.length, ...digits);
        count++;
      }
    }
    const numbers = take(2 + 3 * length + rest.length);
    numbers[0] = length;
    const parts = this.#parts;
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < 3; k++) numbers[1 + 3 * i + k] = parts[3 * order[i]! + k]!;
    }
    numbers[1 + 3 * length] = count;
    numbers.set(rest, 2 + 3 * length);
    return numbers;
  }

  /** Reads `length` sums; the table shares the memory of `numbers`. @throws LF_STATE_DAMAGED for anything that toNumbers would not write. */
  static fromNumbers(numbers: Float64Array, length: number): SumTable {
    const end = 1 + 3 * length;
    numbers = numbersOf(numbers);
    if (numbers[0] !== length || !(numbers.length > end)) throw damaged();
    const table = new SumTable(0);
    table.#parts = numbers.subarray(1, end);
    for (const part of table.#parts) if (!(Math.abs(part) < 2 ** 1001)) throw damaged();
    if (!isBelow(numbers[end], length + 1)) throw damaged();
    let at = end + 1;
    for (let count = numbers[end]!; count > 0; count--) {
      const [index, base, sign, size] = numbers.subarray(at, at + 4);
      const isEntry =
        isBelow(index, length) && Math.abs(sign ?? 0) === 1 && isBelow(Math.abs(base ?? NaN), 256);
      if (!isEntry || !(size! > 0 && at + 4 + size! <= numbers.length) || table.#rest.has(index!))
        throw damaged();
      const sum = table.#restOf(index!);
      for (let k = 0; k < size!; k++) {
        const digit = numbers[at + 4 + k]!;
        if (!isBelow(digit, 2 ** 32)) throw damaged();
        sum.add(sign! * digit, 32 * (base! + k));
      }
      at += 4 + size!;
    }
    if (at !== numbers.length) throw damaged();
    return table;
  }

  /** What does not fit the parts: that of a sum that there is not, whose parts are no numbers, ends here too. */
  #restOf(index: number): ExactSum {
    this.#check(index);
    let rest = this.#rest.get(index);
    if (rest === undefined) this.#rest.set(index, (rest = new ExactSum()));
    return rest;
  }

  #check(index: number): void {
    if (!isBelow(index, this.length))
      refuse("LF_BAD_PARAMETER", "index of a sum", index, `among the ${this.length} of the table`);
  }
}

/** @throws LF_COUNT for no number of sums. */
function partsOf(length: number): Float64Array {
  if (!isBelow(length, 2 ** 28 + 1))
    refuse("LF_COUNT", "number of sums of a table", length, "a whole number from 0 to 2^28");
  return new Float64Array(3 * length);
}

const NO_DIGITS: ExactDigits = { negative: false, base: 0, digits: [] };

/** Whether it is a whole number from 0 up to, without, `end`. */
function isBelow(x: number | undefined, end: number): boolean {
  return Number.isInteger(x) && x! >= 0 && x! < end;
}

function damaged(): LossflowError {
  return new LossflowError("LF_STATE_DAMAGED", "The sums of this table are cut or changed.");
}
