import { LossflowError } from "../error.ts";
import type { Numbers } from "../loss.ts";
import { checkCount } from "./check-count.ts";
import { digitsFromBytes, digitsToBytes } from "./digits-bytes.ts";
import { productError } from "./product-error.ts";
import { BLOCK, splitBlock } from "./split-block.ts";
import { quotientFromHeads } from "./quotient-from-heads.ts";
import { quotientFromIntegers } from "./quotient-from-integers.ts";

/** A sign and 32-bit digits, lowest first: the number is sign * sum of digits[i] * 2^(32 * (base + i)). */
export interface ExactDigits {
  readonly negative: boolean;
  readonly base: number;
  /** The first and the last are not 0; zero has none, and base 0. */
  readonly digits: Uint32Array;
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
 * A number spreads over three digits; each takes 2^20 of them before carries must move. Long arrays first pass through
 * two windows of 43 bits in plain double arithmetic (splitBlock).
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
   * Adds `x * 2^exponent`, exactly, for any whole exponent: digits of another radix come in by it.
   * @throws LF_NON_FINITE where `x` is NaN or infinite; the sum stays as it was.
   */
  add(x: number, exponent: number = 0): void {
    this.#addScaled(x, exponent);
  }

  /**
   * Adds `values[start .. end)`, in blocks, at about three times the cost of a loop that rounds.
   * @throws LF_NON_FINITE with `row` (index in `values`); what stands before it has been added.
   */
  addArray(values: Numbers, start: number = 0, end: number = values.length): void {
    if (end - start < SMALL) {
      for (let i = start; i < end; i++) this.#addAt(values[i]!, i);
      return;
    }
    const rest = new Float64Array(BLOCK + 2);
    const copy = values instanceof Float64Array ? null : new Float64Array(BLOCK);
    let top = NO_WINDOW;
    for (let from = start; from < end; from += BLOCK) {
      const length = Math.min(BLOCK, end - from);
      if (copy === null) {
        top = this.#addBlock(values as Float64Array, from, length, top, rest, from);
      } else {
        for (let i = 0; i < length; i++) copy[i] = values[from + i]!;
        top = this.#addBlock(copy, 0, length, top, rest, from);
      }
    }
  }

  /** Adds the exact product `a * b * c`, whether or not float64 could hold it. @throws LF_NON_FINITE. */
  addProduct(a: number, b: number, c: number = 1): void {
    const product = a * b;
    if (isTame(a, b, product)) {
      const error = productError(a, b, product);
      if (c === 1) {
        this.#addScaled(product, 0);
        this.#addScaled(error, 0);
        return;
      }
      const x = product * c;
      const y = error * c;
      if (isTame(product, c, x) && (error === 0 || isTame(error, c, y))) {
        this.#addScaled(x, 0);
        this.#addScaled(productError(product, c, x), 0);
        this.#addScaled(y, 0);
        this.#addScaled(productError(error, c, y), 0);
        return;
      }
    }
    if (!Number.isFinite(a) || !Number.isFinite(b) || !Number.isFinite(c)) {
      throw refusal(Number.isFinite(a) ? (Number.isFinite(b) ? c : b) : a);
    }
    const [i, j, k] = [this.#exponent(a), this.#exponent(b), this.#exponent(c)];
    const [x, y, z] = [scaled(a, -i), scaled(b, -j), scaled(c, -k)];
    const scale = i + j + k;
    const high = x * y;
    const low = productError(x, y, high);
    for (const part of [high, low]) {
      this.#addScaled(part * z, scale);
      this.#addScaled(productError(part, z, part * z), scale);
    }
  }

  /**
   * Adds the exact products `a[i] * b[i]` for i in `start .. end`.
   * @throws LF_NON_FINITE with `row` (the index) where a factor is not finite; what stands before it has been added.
   */
  addProducts(a: Numbers, b: Numbers, start: number = 0, end: number = a.length): void {
    const products = new Float64Array(BLOCK);
    const errors = new Float64Array(BLOCK);
    const rest = new Float64Array(BLOCK + 2);
    let top = NO_WINDOW;
    for (let from = start; from < end; from += BLOCK) {
      const to = Math.min(from + BLOCK, end);
      let n = 0;
      let bad = -1;
      for (let i = from; i < to && bad < 0; i++) {
        const x = a[i]!;
        const y = b[i]!;
        const product = x * y;
        if (isTame(x, y, product)) {
          products[n] = product;
          errors[n++] = productError(x, y, product);
        } else if (Number.isFinite(x) && Number.isFinite(y)) {
          this.addProduct(x, y);
        } else {
          bad = i;
        }
      }
      top = this.#addBlock(products, 0, n, top, rest, 0);
      this.#addBlock(errors, 0, n, top - 53, rest, 0);
      if (bad >= 0) throw refusal(Number.isFinite(a[bad]!) ? b[bad]! : a[bad]!, bad);
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
   * @throws LF_COUNT where `times` is no whole number from 0 on, or a number beyond 2^53 (use a bigint).
   */
  merge(other: ExactSum, times: number | bigint = 1): void {
    if (times === 1) this.#mergeOnce(other);
    else this.#mergeTimes(other.toDigits(), checkCount(times));
  }

  /** The sum, rounded once to the nearest float64, ties to even. */
  value(): number {
    this.#carry();
    const slots = this.#slots;
    const negative = slots[slots.length - 1]! < 0;
    // The last three digits seen on the way up (a the highest), whether anything stood below them, and all four as
    // they were at the highest digit that is not 0.
    let a = 0;
    let b = 0;
    let c = 0;
    let below = 0;
    let borrow = 0;
    let high = 0;
    let middle = 0;
    let low = 0;
    let sticky = 0;
    let at = 0;
    for (let k = 1; k < slots.length; k++) {
      let digit = slots[k]!;
      if (negative) {
        digit = -digit - borrow;
        borrow = digit < 0 ? 1 : 0;
        digit += borrow * 2 ** 32;
      }
      if (c !== 0) below = 1;
      c = b;
      b = a;
      a = digit;
      if (a !== 0) {
        high = a;
        middle = b;
        low = c;
        sticky = below;
        at = k;
      }
    }
    // 96 bits, what is below folded into the last: at least 65 are significant, so rounding to 53 never looks at that
    // one alone. Both summands are exact, and their addition is the one rounding.
    const upper = high * 2 ** 16 + (middle >>> 16);
    const lower = (middle & 0xffff) * 2 ** 32 + ((low | sticky) >>> 0);
    const size = this.#scale(upper * 2 ** 48 + lower, 32 * (this.#base + at - 3));
    if (size < 2 ** -1022 && at > 0) {
      const { integer, exponent } = this.toRational();
      return quotientFromIntegers(integer, 1n, exponent);
    }
    return negative ? -size : size;
  }

  /**
   * The exact sum divided by the exact `divisor`, rounded once: right even where one of them, read alone, overflows or
   * underflows. 0 / 0 is NaN; a sum over 0 is an infinity with the sum's sign.
   */
  quotient(divisor: ExactSum): number {
    const [s, sRest] = this.#headAndRest();
    const [w, wRest] = divisor.#headAndRest();
    const quick = isMiddling(s) && isMiddling(w) ? quotientFromHeads(s, sRest, w, wRest) : null;
    if (quick !== null) return quick;
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
    const negative = slots.at(-1)! < 0;
    const digits = new Uint32Array(slots.length - 1);
    let borrow = 0;
    let low = -1;
    let high = -1;
    for (let k = 0; k < digits.length; k++) {
      const slot = slots[k + 1]!;
      const digit = negative ? -slot - borrow : slot;
      borrow = digit < 0 ? 1 : 0;
      digits[k] = digit; // modulo 2^32, which is digit + 2^32 * borrow
      if (digits[k] !== 0) {
        if (low < 0) low = k;
        high = k;
      }
    }
    if (low < 0) return { negative: false, base: 0, digits: digits.subarray(0, 0) };
    return { negative, base: this.#base + low, digits: digits.subarray(low, high + 1) };
  }

  /** The sum as bytes that {@link ExactSum.fromBytes} reads on any machine; equal sums give equal bytes. */
  toBytes(): Uint8Array {
    return digitsToBytes(this.toDigits());
  }

  /** @throws LF_STATE_DAMAGED where `bytes` are not what {@link ExactSum.toBytes} gives. */
  static fromBytes(bytes: Uint8Array): ExactSum {
    const { negative, base, digits } = digitsFromBytes(bytes);
    const sum = new ExactSum();
    const at = sum.#slotOf(base, digits.length);
    for (let k = 0; k < digits.length; k++) sum.#slots[at + k] = negative ? -digits[k]! : digits[k]!;
    sum.#load = 1;
    return sum;
  }

  #mergeOnce(other: ExactSum): void {
    const slots = other.#slots;
    let low = 1;
    let high = slots.length - 1;
    while (low <= high && slots[low] === 0) low++;
    while (high > low && slots[high] === 0) high--;
    if (low > high) return;
    if (this.#load + other.#load > MAX_LOAD) this.#carry();
    const load = this.#load + other.#load;
    const at = this.#slotOf(other.#base + low - 1, high - low + 1);
    for (let k = low; k <= high; k++) this.#slots[at + k - low]! += other.#slots[k]!;
    this.#load = load;
  }

  #mergeTimes({ negative, base, digits }: ExactDigits, times: bigint): void {
    // 32 bits of a digit times 21 of the count fit a double.
    for (let scale = 32 * base, rest = times; rest > 0n; scale += 21, rest >>= 21n) {
      const chunk = Number(BigInt.asUintN(21, rest)) * (negative ? -1 : 1);
      for (let k = 0; k < digits.length; k++) this.#addScaled(digits[k]! * chunk, scale + 32 * k);
    }
  }

  /** Adds x * 2^scale. */
  #addScaled(x: number, scale: number): void {
    this.#slots[0] = x;
    const low = this.#words[0]!;
    const high = this.#words[1]!;
    const field = (high >>> 20) & 0x7ff;
    if (field === 0x7ff) throw refusal(x);
    if (x === 0) return;
    const top = (high & 0xfffff) | (field === 0 ? 0 : 0x100000);
    const position = (field || 1) - 1075 + scale;
    const shift = position & 31;
    const index = position >> 5;
    let at = index - this.#base + 1;
    if (at < 1 || at + 3 >= this.#slots.length) at = this.#slotOf(index, 3);
    const slots = this.#slots;
    const first = (low << shift) >>> 0;
    // Shifts count modulo 32, hence 1 and then 31 - shift for 32 - shift.
    const second = (((low >>> 1) >>> (31 - shift)) | (top << shift)) >>> 0;
    const third = (top >>> 1) >>> (31 - shift);
    if (high < 0) {
      slots[at]! -= first;
      slots[at + 1]! -= second;
      slots[at + 2]! -= third;
    } else {
      slots[at]! += first;
      slots[at + 1]! += second;
      slots[at + 2]! += third;
    }
    if (++this.#load >= MAX_LOAD) this.#carry();
  }

  #addAt(x: number, row: number): void {
    if (!Number.isFinite(x)) throw refusal(x, row);
    this.#addScaled(x, 0);
  }

  /**
   * Adds `values[from .. from + length)`, which stand from `row` on in what the caller was given. Tries the window
   * 2^top of the block before, then one from the largest number; where neither fits, adds one by one.
   * @returns the window to try next.
   */
  #addBlock(
    values: Float64Array,
    from: number,
    length: number,
    top: number,
    rest: Float64Array,
    row: number,
  ): number {
    const even = length & ~1;
    let left = isWindow(top) ? splitBlock(values, from, from + even, top, rest) : -1;
    if (left < 0) {
      top = this.#topOf(values, from, from + even);
      left = isWindow(top) ? splitBlock(values, from, from + even, top, rest) : -1;
    }
    let added = 0;
    if (left >= 0) {
      this.#addScaled(rest[BLOCK]!, 0);
      this.#addScaled(rest[BLOCK + 1]!, 0);
      if (left < length / 2) this.#addRest(rest, left, top - 87);
      else for (let i = 0; i < left; i++) this.#addScaled(rest[i]!, 0);
      added = even;
    }
    for (; added < length; added++) this.#addAt(values[from + added]!, row + added);
    return left < 0 || left > length / 4 ? NO_WINDOW : top;
  }

  /** Adds an even count of remainders, none above 2^top, in place. */
  #addRest(rest: Float64Array, count: number, top: number): void {
    if (count < SMALL || !isWindow(top)) for (let i = 0; i < count; i++) this.#addScaled(rest[i]!, 0);
    else this.#addBlock(rest, 0, count, top, rest, 0);
  }

  /** The least k with all |x| < 2^k. */
  #topOf(values: Float64Array, from: number, to: number): number {
    let max = 0;
    for (let i = from; i < to; i++) {
      const size = Math.abs(values[i]!);
      if (!(size <= max)) max = size > max ? size : Infinity;
    }
    return max === 0 ? NO_WINDOW : this.#exponent(max) + 1;
  }

  /** The sum rounded, and what that leaves of it, rounded. */
  #headAndRest(): [head: number, rest: number] {
    const head = this.value();
    if (!isMiddling(head)) return [head, 0];
    this.#addScaled(-head, 0);
    const rest = this.value();
    this.#addScaled(head, 0);
    return [head, rest];
  }

  /** x * 2^exponent; a power by its bits costs a tenth of `**`. */
  #scale(x: number, exponent: number): number {
    if (exponent < -1022 || exponent > 1023) return scaled(x, exponent);
    this.#words[0] = 0;
    this.#words[1] = (exponent + 1023) << 20;
    return x * this.#slots[0]!;
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

  /** The slot of digit `index`, with room for `count` digits from there and a last one for carries. */
  #slotOf(index: number, count: number): number {
    const old = this.#slots;
    const base = Math.min(index, this.#base);
    const end = Math.max(index + count, this.#base + old.length - 2);
    if (end + 2 - base > old.length) {
      this.#carry();
      const slots = new Float64Array(end + 2 - base);
      slots.set(old.subarray(1), this.#base - base + 1);
      this.#slots = slots;
      this.#words = new Int32Array(slots.buffer);
      this.#base = base;
    }
    return index - this.#base + 1;
  }

  /** The k of 2^k <= |x| < 2^(k+1). */
  #exponent(x: number): number {
    const small = Math.abs(x) < 2 ** -1022;
    this.#slots[0] = small ? x * 2 ** 54 : x;
    return ((this.#words[1]! >>> 20) & 0x7ff) - (small ? 1077 : 1023);
  }
}

/** Fewer numbers than these are added one by one. */
const SMALL = 24;
/** A window that fits zeros alone. */
const NO_WINDOW = -2000;
const MAX_LOAD = 2 ** 20;

/** Whether a window's units and the sum of a block stay within float64. */
function isWindow(top: number): boolean {
  return (top >= -900 && top <= 1000) || top <= NO_WINDOW;
}

/** Whether neither the halves of the factors nor the error of the product come near the ends of float64. */
function isTame(a: number, b: number, product: number): boolean {
  const size = Math.abs(product);
  return size > 2 ** -900 && size < 2 ** 900 && Math.abs(a) < 2 ** 900 && Math.abs(b) < 2 ** 900;
}

/** Whether quotients of such numbers, and their errors, stay far from the ends of float64. */
function isMiddling(x: number): boolean {
  const size = Math.abs(x);
  return size > 2 ** -200 && size < 2 ** 200;
}

/** x * 2^exponent, where a factor alone could leave the range of float64. */
function scaled(x: number, exponent: number): number {
  const half = exponent >> 1;
  return x * 2 ** half * 2 ** (exponent - half);
}

function refusal(x: number, row?: number): LossflowError {
  const where = row === undefined ? "" : ` at index ${row}`;
  return new LossflowError(
    "LF_NON_FINITE",
    `An exact sum takes finite numbers and got ${x}${where}: count NaN and infinities apart and leave them out.`,
    row === undefined ? { got: String(x) } : { row, got: String(x) },
  );
}
