import { scaledDecimal } from "./scaled-decimal.ts";

const ZERO = 48;
const NINE = 57;
const HASH = 35;
const DOLLAR = 36;
const OPEN = 40;
const CLOSE = 41;
const UNDERSCORE = 95;
/** Below this a mantissa takes four more digits, or one, and stays an exact integer below 2^53. */
const ROOM_FOR_FOUR = 9e11;
const ROOM_FOR_ONE = 9e14;
const MOST_LOW_DIGITS = 15;

/**
 * Reads the numbers that training logs print, straight from bytes, correctly rounded (the bits of `Number(text)`).
 *
 * Grammar: `[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?`, digits before the point in threes with underscores too (`1_000.5`);
 * or `[-+]?(nan|inf|infinity)` in any case and `∞`, where no letter, digit or underscore follows a word (so that `info` is
 * no infinity), save the unit of `nanms`. What C prints of a NaN beside its name is one with it: `-nan(ind)`, and older
 * C of Windows prints `1.#QNAN`, `-1.#IND`, `1.#INF`, cut to as many digits as were asked for (`1.#J`, `1.$`).
 */
export class NumberScanner {
  /** The number last read. */
  value = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  /** The exponent last read. */
  #exponentValue = 0;

  /** Reads the number that begins at `start`; returns the index after it, or `start` where there is none. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    let c = i < end ? bytes[i]! : 0;
    const negative = c === 45;
    if (negative || c === 43) c = ++i < end ? bytes[i]! : 0;
    const first = i;
    let mantissa = 0;
    let long = false;
    while (c >= ZERO && c <= NINE) {
      if (mantissa > ROOM_FOR_ONE) {
        long = true;
        break;
      }
      mantissa = mantissa * 10 + (c - ZERO);
      c = ++i < end ? bytes[i]! : 0;
    }
    let decimals = 0;
    if (c === UNDERSCORE && !long) {
      const after = this.#grouped(bytes, start, first, i, end);
      if (after > i) return after;
    }
    if (c === 46 && !long) {
      const point = ++i;
      const view = this.viewOf(bytes);
      while (i + 4 <= end && mantissa < ROOM_FOR_FOUR) {
        const four = view.getUint32(i, true);
        // Four bytes at once: each is a digit where its upper half is 3, and still is with 6 added.
        if ((four & 0xf0f0f0f0) !== 0x30303030 || ((four + 0x06060606) & 0xf0f0f0f0) !== 0x30303030) break;
        const pairs = Math.imul(four & 0x0f0f0f0f, 10) + ((four & 0x0f0f0f0f) >>> 8);
        mantissa = mantissa * 10000 + (pairs & 255) * 100 + ((pairs >>> 16) & 255);
        i += 4;
      }
      c = i < end ? bytes[i]! : 0;
      while (c >= ZERO && c <= NINE) {
        if (mantissa > ROOM_FOR_ONE) {
          long = true;
          break;
        }
        mantissa = mantissa * 10 + (c - ZERO);
        c = ++i < end ? bytes[i]! : 0;
      }
      decimals = i - point;
      if (decimals === 0 && point === first + 1) return this.#word(bytes, first, end, start, negative);
      if (decimals === 0 && (c === HASH || c === DOLLAR) && mantissa === 1) {
        const after = this.#windows(bytes, i, end, negative);
        if (after > i) return after;
      }
    } else if (i === first) return this.#word(bytes, first, end, start, negative);
    if (long) return this.#long(bytes, start, first, i, end, mantissa);
    let exponent = 0;
    if (c === 101 || c === 69) {
      const after = this.#exponent(bytes, i, end);
      if (after > i) {
        exponent = this.#exponentValue;
        i = after;
      }
    }
    const value = scaledDecimal(mantissa, 0, 0, exponent - decimals);
    this.value = value === value ? (negative ? -value : value) : numberFromBytes(bytes, start, i);
    return i;
  }

  /** Reads `e-05` into `#exponentValue`; returns the index after it, or `at` where it is none. */
  #exponent(bytes: Uint8Array, at: number, end: number): number {
    let i = at + 1;
    let c = i < end ? bytes[i]! : 0;
    const down = c === 45;
    if (down || c === 43) c = ++i < end ? bytes[i]! : 0;
    if (!(c >= ZERO && c <= NINE)) return at;
    let exponent = 0;
    do {
      if (exponent < 100_000) exponent = exponent * 10 + (c - ZERO);
      c = ++i < end ? bytes[i]! : 0;
    } while (c >= ZERO && c <= NINE);
    this.#exponentValue = down ? -exponent : exponent;
    return i;
  }

  /** Reads on from digit `at` of a number whose first digits fill `mantissa`. */
  #long(bytes: Uint8Array, start: number, first: number, at: number, end: number, mantissa: number): number {
    let i = at;
    let low = 0;
    let lowDigits = 0;
    let point = -1;
    for (let k = first; k < at; k++) if (bytes[k] === 46) point = k;
    let c = bytes[i]!;
    while ((c >= ZERO && c <= NINE) || (c === 46 && point < 0)) {
      if (c === 46) point = i;
      else {
        if (lowDigits < MOST_LOW_DIGITS) low = low * 10 + (c - ZERO);
        lowDigits++;
      }
      c = ++i < end ? bytes[i]! : 0;
    }
    const decimals = point < 0 ? 0 : i - point - 1;
    let exponent = 0;
    if (c === 101 || c === 69) {
      const after = this.#exponent(bytes, i, end);
      if (after > i) {
        exponent = this.#exponentValue;
        i = after;
      }
    }
    const value =
      lowDigits > MOST_LOW_DIGITS ? NaN : scaledDecimal(mantissa, low, lowDigits, exponent - decimals);
    this.value = value === value ? (bytes[start] === 45 ? -value : value) : numberFromBytes(bytes, start, i);
    return i;
  }

  /** A view of `bytes`, the same as long as the bytes are. */
  viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#view;
  }

  #word(bytes: Uint8Array, first: number, end: number, start: number, negative: boolean): number {
    const c = first < end ? bytes[first]! | 32 : 0;
    if (c === 110 && isWord(bytes, first, end, "nan")) {
      let after = first + 3;
      if (after < end && bytes[after] === OPEN) {
        let close = after + 1;
        while (close < end && isWordByte(bytes[close]!)) close++;
        if (close < end && bytes[close] === CLOSE) after = close + 1;
      }
      if (
        !endsWord(bytes, after, end) &&
        !(isWord(bytes, after, end, "ms") && endsWord(bytes, after + 2, end))
      ) {
        return start;
      }
      this.value = NaN;
      return after;
    }
    if (c === 105 && isWord(bytes, first, end, "inf")) {
      const after = isWord(bytes, first, end, "infinity") ? first + 8 : first + 3;
      if (!endsWord(bytes, after, end)) return start;
      this.value = negative ? -Infinity : Infinity;
      return after;
    }
    if (bytes[first] === 0xe2 && bytes[first + 1] === 0x88 && bytes[first + 2] === 0x9e && first + 3 <= end) {
      if (!endsWord(bytes, first + 3, end)) return start;
      this.value = negative ? -Infinity : Infinity;
      return first + 3;
    }
    return start;
  }

  /** Reads on from the underscore at `at`: threes of digits, and what stands behind a point; `at` where it is none. */
  #grouped(bytes: Uint8Array, start: number, first: number, at: number, end: number): number {
    if (at - first > 3) return at;
    let i = at;
    while (i + 4 <= end && bytes[i] === UNDERSCORE && areThreeDigits(bytes, i + 1)) i += 4;
    if (i === at || !endsWord(bytes, i, end)) return at;
    if (i < end && bytes[i] === 46) for (i++; i < end && isDigit(bytes[i]!);) i++;
    const c = i < end ? bytes[i]! : 0;
    if (c === 101 || c === 69) i = this.#exponent(bytes, i, end);
    let text = "";
    for (let k = start; k < i; k++) if (bytes[k] !== UNDERSCORE) text += String.fromCharCode(bytes[k]!);
    this.value = Number(text);
    return i;
  }

  /** Reads `#QNAN` behind `1.`, or what is left of it; `at` where it is none. */
  #windows(bytes: Uint8Array, at: number, end: number, negative: boolean): number {
    let i = at + 1;
    if (bytes[at] === HASH) {
      while (i < end && i - at <= 4 && bytes[i]! >= 65 && bytes[i]! <= 90) i++;
      if (i === at + 1) return at;
      while (i < end && isDigit(bytes[i]!)) i++;
    }
    if (!endsWord(bytes, i, end)) return at;
    const infinite = isWord(bytes, at + 1, i, "INF");
    this.value = infinite ? (negative ? -Infinity : Infinity) : NaN;
    return i;
  }
}

/** The slow way, for what lies too near a rounding boundary or out of range. */
function numberFromBytes(bytes: Uint8Array, start: number, end: number): number {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return Number(text);
}

function isWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const c = bytes[start + i]!;
    if (c !== word.charCodeAt(i) && (c | 32) !== word.charCodeAt(i)) return false;
  }
  return true;
}

function endsWord(bytes: Uint8Array, at: number, end: number): boolean {
  return at >= end || !isWordByte(bytes[at]!);
}

function isWordByte(c: number): boolean {
  const letter = c | 32;
  return (letter >= 97 && letter <= 122) || isDigit(c) || c === UNDERSCORE;
}

function isDigit(c: number): boolean {
  return c >= ZERO && c <= NINE;
}

function areThreeDigits(bytes: Uint8Array, at: number): boolean {
  return isDigit(bytes[at]!) && isDigit(bytes[at + 1]!) && isDigit(bytes[at + 2]!);
}
