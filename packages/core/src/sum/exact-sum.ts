import { numberFrom } from "../input/number-from.ts";
import { refuse } from "../input/refuse.ts";
import type { Numbers } from "../loss.ts";
import { addExactly } from "./add-exactly.ts";
import { checkCount } from "./check-count.ts";
import { checkSum } from "./check-sum.ts";
import { lengthOf } from "./length-of.ts";
import { productError } from "./product-error.ts";
import { quotientFromIntegers } from "./quotient-from-integers.ts";
import { scale } from "./scale.ts";

/** A sign and 32-bit digits, lowest first: the number is sign * sum of digits[i] * 2^(32 * (base + i)). */
export interface ExactDigits {
  readonly negative: boolean;
  readonly base: number;
  /** The first and the last are not 0; zero has none, and base 0. */
  readonly digits: readonly number[];
}

/**
 * Adds float64 numbers and their products without any error; only {@link ExactSum.value} rounds, once.
 *
 * The result is that of `Math.sumPrecise` (to nearest, ties to even; a sum of zeros is +0), hence the same bits for
 * any order, grouping or merging. Overflow happens on reading alone: a sum of finite numbers beyond 1.8e308 reads as
 * an infinity, while its {@link ExactSum.quotient} is still right. NaN and infinities are refused, since they have no
 * place in a sum of digits: count them where you find them.
 *
 * The sum is kept as an integer over 2^(32 * base), in digits of 32 bits held in doubles; digits exist only where
 * numbers have been, so that a sum of losses takes some 60 bytes, and products may leave the range of float64.
 * A number spreads over three digits; each takes 2^20 of them before carries must move. Long arrays are first
 * added up to a few numbers without error (addExactly).
 *
 * Sources: R. M. Neal, arXiv:1505.05571 (superaccumulator); T. J. Dekker, doi:10.1007/BF01397083 (exact product).
 */
export class ExactSum {
  /** Slot 0 takes numbers apart, see `#words`; digit `base + k` stands in slot k + 1, signed, below 2^52. */
  #slots: Float64Array = new Float64Array(7);
  #words: Int32Array = new Int32Array(this.#slots.buffer);
  #base = -2;
  /** How many additions the digits have taken since the last carry: each is at most this times 2^32. */
  #load = 0;

  /**
   * Adds `x * 2^exponent`, exactly, for whole exponents up to 500,000 either way: digits of another radix come in by it.
   * @throws LF_NON_FINITE where `x` is NaN or infinite, LF_BAD_PARAMETER for another exponent; the sum stays as it was.
   */
  add(x: number, exponent: number = 0): void {
    if (!(Number.isInteger(exponent) && Math.abs(exponent) <= 5e5))
      refuse("LF_BAD_PARAMETER", "exponent", exponent, "a whole number from -500000 to 500000");
    this.#add(x, exponent);
  }

  /**
   * Adds `values[start .. end)`, in blocks, at two to three times the cost of a loop that rounds.
   * @throws LF_NON_FINITE with `row` (index in `values`); what stands before it has been added. LF_NOT_A_NUMBER for no array.
   */
  addArray(values: Numbers, start: number = 0, end: number = lengthOf(values)): void {
    if (end - start < SMALL) {
      for (let i = start; i < end; i++) this.#add(values[i]!, 0, i);
      return;
    }
    const rests = new Float64Array(BLOCK + 2);
    const isDirect = values instanceof Float64Array;
    const isWhole = values instanceof Float32Array && start === 0 && end === values.length;
    const block = isDirect ? values : new Float64Array(BLOCK);
    // Not 0, with which the first block has V8 make code that the next ones throw away: 4 to 12 ns a number in place of 2.
    let size = Number.NaN;
    for (let from = start; from < end; from += BLOCK) {
      const length = Math.min(BLOCK, end - from);
      if (isWhole) block.set(values.subarray(from, from + length));
      else if (!isDirect) for (let i = 0; i < length; i++) block[i] = numberFrom(values[from + i]);
      size = this.#addBlock(block, isDirect ? from : 0, length, size, rests, from);
    }
  }

  /** Adds the exact product `a * b * c`, whether or not float64 could hold it. @throws LF_NON_FINITE. */
  addProduct(a: number, b: number, c: number = 1): void {
    const product = numberFrom(a) * numberFrom(b);
    if (isTame(a, b, product)) {
      const error = productError(a, b, product);
      if (c !== 1) {
        this.addProduct(product, c);
        return this.addProduct(error, c);
      }
      this.#add(product);
      return this.#add(error);
    }
    // Scaled to about 1, so that neither a product nor its error can leave float64.
    let exponent = 0;
    const [x, y, z] = [a, b, c].map((factor) => {
      if (!Number.isFinite(factor)) refuseNumber(factor);
      const size = Math.floor(Math.log2(Math.abs(factor) || 1));
      exponent += size;
      return scale(factor, -size);
    }) as [number, number, number];
    const high = x * y;
    for (const part of [high, productError(x, y, high)]) {
      this.#add(part * z, exponent);
      this.#add(productError(part, z, part * z), exponent);
    }
  }

  /**
   * Adds the exact products `a[i] * b[i]` for i in `start .. end`.
   * @throws LF_NON_FINITE with `row` (the index) where a factor is not finite; what stands before it has been added.
   *   LF_NOT_A_NUMBER for no arrays.
   */
  addProducts(a: Numbers, b: Numbers, start: number = 0, end: number = lengthOf(a)): void {
    lengthOf(b);
    const products = new Float64Array(BLOCK);
    const errors = new Float64Array(BLOCK);
    const rests = new Float64Array(BLOCK + 2);
    let size = Number.NaN;
    let errorSize = Number.NaN;
    for (let i = start; i < end;) {
      let n = 0;
      const to = Math.min(i + BLOCK, end);
      for (; i < to; i++) {
        const x = a[i]!;
        const y = b[i]!;
        const product = numberFrom(x) * numberFrom(y);
        if (isTame(x, y, product)) {
          products[n] = product;
          errors[n++] = productError(x, y, product);
        } else if (Number.isFinite(x) && Number.isFinite(y)) this.addProduct(x, y);
        else break;
      }
      size = this.#addBlock(products, 0, n, size, rests, 0);
      errorSize = this.#addBlock(errors, 0, n, errorSize, rests, 0);
      if (i < to) refuseNumber(numberFrom(Number.isFinite(a[i]) ? b[i] : a[i]), i);
    }
  }

  /** Adds `x` `count` times, in constant time. @throws LF_NON_FINITE; LF_COUNT as {@link ExactSum.merge} does. */
  addRepeated(x: number, count: number | bigint): void {
    const one = new ExactSum();
    one.add(x);
    this.merge(one, count);
  }

  /**
   * Adds all that `other` holds, `times` times over; `other` stays as it is.
   * @throws LF_COUNT where `times` is no whole number from 0 on, or a number beyond 2^53 (use a bigint); LF_BAD_PARAMETER
   *   for no sum.
   */
  merge(other: Pick<ExactSum, "toDigits">, times: number | bigint = 1): void {
    checkSum(other);
    const { negative, base, digits } = other.toDigits();
    const addTimes = (factor: number, exponent: number): void => {
      for (let k = 0; k < digits.length; k++)
        this.#add((negative ? -factor : factor) * digits[k]!, exponent + 32 * (base + k));
    };
    if (times === 1) return addTimes(1, 0);
    // 32 bits of a digit times 21 of the count fit a double.
    for (let rest = checkCount(times), exponent = 0; rest > 0n; rest >>= 21n, exponent += 21) {
      addTimes(Number(rest & 0x1fffffn), exponent);
    }
  }

  /** The sum, rounded once to the nearest float64, ties to even. */
  value(): number {
    const { integer, exponent } = this.toRational();
    // Number() rounds to nearest, ties to even; a power of 2 then takes nothing away above the smallest numbers.
    const sum = scale(Number(integer), exponent);
    const size = Math.abs(sum);
    return size > 2 ** -1000 && size < Infinity ? sum : quotientFromIntegers(integer, 1n, exponent);
  }

  /**
   * The exact sum divided by the exact `divisor`, rounded once: right even where one of them, read alone, overflows or
   * underflows. 0 / 0 is NaN; a sum over 0 is an infinity with the sum's sign. @throws LF_BAD_PARAMETER for no sum.
   */
  quotient(divisor: ExactSum): number {
    checkSum(divisor);
    const a = this.toRational();
    const b = divisor.toRational();
    return quotientFromIntegers(a.integer, b.integer, a.exponent - b.exponent);
  }

  /** Tells whether the sum is exactly 0. */
  get isZero(): boolean {
    return this.toDigits().digits.length === 0;
  }

  /** The sum itself: `integer * 2^exponent`. */
  toRational(): { integer: bigint; exponent: number } {
    const { negative, base, digits } = this.toDigits();
    let integer = 0n;
    for (let k = digits.length; k-- > 0;) integer = (integer << 32n) | BigInt(digits[k]!);
    return { integer: negative ? -integer : integer, exponent: 32 * base };
  }

  /** The canonical digits: equal sums have equal ones, whatever their history. */
  toDigits(): ExactDigits {
    this.#carry();
    const slots = this.#slots;
    const negative = slots[slots.length - 1]! < 0;
    const digits: number[] = [];
    let base = this.#base;
    let borrow = 0;
    for (let k = 1; k < slots.length; k++) {
      let digit = slots[k]!;
      if (negative) {
        digit = -digit - borrow;
        borrow = digit < 0 ? 1 : 0;
        digit += borrow * 2 ** 32;
      }
      if (digit || digits.length) digits.push(digit);
      else base++;
    }
    while (digits.at(-1) === 0) digits.pop();
    return { negative, base: digits.length === 0 ? 0 : base, digits };
  }

  /** Adds x * 2^exponent; `row` is for the refusal. */
  #add(x: number, exponent: number = 0, row?: number): void {
    this.#slots[0] = numberFrom(x);
    const low = this.#words[0]!;
    const high = this.#words[1]!;
    const field = (high >>> 20) & 0x7ff;
    if (field === 0x7ff) refuseNumber(x, row);
    if (x === 0) return;
    const top = (high & 0xfffff) | (field === 0 ? 0 : 0x100000);
    const position = (field || 1) - 1075 + exponent;
    const shift = position & 31;
    const index = position >> 5;
    let at = index - this.#base + 1;
    if (at < 1 || at + 3 >= this.#slots.length) at = this.#slotOf(index);
    const slots = this.#slots;
    const sign = high < 0 ? -1 : 1;
    // Shifts count modulo 32, hence 1 and then 31 - shift for 32 - shift.
    slots[at]! += sign * ((low << shift) >>> 0);
    slots[at + 1]! += sign * ((((low >>> 1) >>> (31 - shift)) | (top << shift)) >>> 0);
    slots[at + 2]! += sign * ((top >>> 1) >>> (31 - shift));
    if (++this.#load >= MAX_LOAD) this.#carry();
  }

  /**
   * Adds `values[from .. from + length)`, which stand from `row` on in what the caller was given, as addExactly does, but
   * takes all |x| together to be at most twice `size`, that of the block before: once more where they are not.
   * @returns the size of this one, NaN where it comes near the end of float64.
   */
  #addBlock(
    values: Float64Array,
    from: number,
    length: number,
    size: number,
    rests: Float64Array,
    row: number,
  ): number {
    const above = 8 * size;
    const aboveRests = above * 2 ** -40;
    let first = above;
    let second = aboveRests;
    let sizes = 0;
    let left = 0;
    const end = from + length;
    for (let i = from; i < end; i++) {
      const x = values[i]!;
      const head = first + x;
      const rest = x - (head - first);
      first = head;
      const next = second + rest;
      const taken = next - second;
      second = next;
      if (rest !== taken) rests[left++] = rest - taken;
      sizes += Math.abs(x);
    }
    if (!(sizes < 2 ** 990)) {
      for (let i = 0; i < length; i++) this.#add(values[from + i]!, 0, row + i);
      return Number.NaN;
    }
    if (!(sizes <= 2 * size)) return this.#addBlock(values, from, length, sizes, rests, row);
    rests[left++] = second - aboveRests;
    rests[left++] = first - above;
    // Many rests have many orders of size, each of which is one more way through them.
    if (left > length / 4) for (let i = 0; i < left; i++) this.#add(rests[i]!);
    else {
      const levels = [0];
      addExactly(rests, left, levels);
      for (const level of levels) this.#add(level);
    }
    return sizes;
  }

  /** Moves what exceeds 32 bits into the digit above; the last slot keeps the sign. */
  #carry(): void {
    const slots = this.#slots;
    const last = slots.length - 1;
    let carry = 0;
    for (let k = 1; k < last; k++) {
      const slot = slots[k]! + carry;
      carry = Math.floor(slot / 2 ** 32);
      slots[k] = slot - carry * 2 ** 32;
    }
    slots[last]! += carry;
    this.#load = 1;
  }

  /** The slot of digit `index`, with room for three from there and a last one for carries. */
  #slotOf(index: number): number {
    const old = this.#slots;
    const base = Math.min(index, this.#base);
    const end = Math.max(index + 5, this.#base + old.length);
    const slots = new Float64Array(end - base);
    slots.set(old.subarray(1), this.#base - base + 1);
    this.#slots = slots;
    this.#words = new Int32Array(slots.buffer);
    this.#base = base;
    return index - base + 1;
  }
}

/** Fewer numbers than these are added one by one. */
const SMALL = 24;
const MAX_LOAD = 2 ** 20;
const BLOCK = 1024;

/** Whether neither the halves of the factors nor the error of the product come near the ends of float64. */
function isTame(a: number, b: number, product: number): boolean {
  const size = Math.abs(product);
  const isLarge = size > 2 ** -900 || a === 0 || b === 0;
  return isLarge && size < 2 ** 900 && Math.abs(a) < 2 ** 900 && Math.abs(b) < 2 ** 900;
}

function refuseNumber(x: number, row?: number): never {
  refuse("LF_NON_FINITE", "number for an exact sum", x, "finite", row);
}
