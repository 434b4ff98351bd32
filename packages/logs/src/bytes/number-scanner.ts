/** 10^0 to 10^22: the powers of ten that a double holds exactly. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

const ZERO = 48;
const NINE = 57;
const MOST_DIGITS = 15;

/**
 * Reads the numbers that training logs print, straight from bytes, correctly rounded (the bits of `Number(text)`).
 *
 * Grammar: `[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?` or `[-+]?(nan|inf|infinity)` in any case, where no letter, digit or
 * underscore follows a word (so that `info` is no infinity), save the unit of `nanms`.
 *
 * Up to 15 digits with a power of ten up to 22 take one exact multiplication or division (Clinger, "How to read
 * floating point numbers accurately", PLDI 1990); longer ones go through double-double arithmetic with an error bound,
 * and the few that lie too near a rounding boundary through `Number`.
 */
export class NumberScanner {
  /** The number last read. */
  value = 0;

  /** Reads the number that begins at `start`; returns the index after it, or `start` where there is none. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    let c = i < end ? bytes[i]! : 0;
    const negative = c === 45;
    if (negative || c === 43) c = ++i < end ? bytes[i]! : 0;
    const first = i;
    let mantissa = 0;
    while (c >= ZERO && c <= NINE) {
      mantissa = mantissa * 10 + (c - ZERO);
      c = ++i < end ? bytes[i]! : 0;
    }
    let digits = i - first;
    let decimals = 0;
    if (c === 46) {
      const point = i;
      c = ++i < end ? bytes[i]! : 0;
      while (c >= ZERO && c <= NINE) {
        mantissa = mantissa * 10 + (c - ZERO);
        c = ++i < end ? bytes[i]! : 0;
      }
      decimals = i - point - 1;
      digits += decimals;
    }
    if (digits === 0) return this.#word(bytes, first, end, start, negative);
    let exponent = 0;
    if (c === 101 || c === 69) {
      let k = i + 1;
      c = k < end ? bytes[k]! : 0;
      const down = c === 45;
      if (down || c === 43) c = ++k < end ? bytes[k]! : 0;
      if (c >= ZERO && c <= NINE) {
        do {
          if (exponent < 100_000) exponent = exponent * 10 + (c - ZERO);
          c = ++k < end ? bytes[k]! : 0;
        } while (c >= ZERO && c <= NINE);
        if (down) exponent = -exponent;
        i = k;
      }
    }
    const power = exponent - decimals;
    if (digits <= MOST_DIGITS && power >= -22 && power <= 22) {
      const v = power < 0 ? mantissa / EXACT_POWERS[-power]! : mantissa * EXACT_POWERS[power]!;
      this.value = negative ? -v : v;
    } else {
      this.value = this.#long(bytes, start, i);
    }
    return i;
  }

  #long(bytes: Uint8Array, start: number, end: number): number {
    let text = "";
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
    return Number(text);
  }

  #word(bytes: Uint8Array, first: number, end: number, start: number, negative: boolean): number {
    const c = first < end ? bytes[first]! | 32 : 0;
    if (c === 110 && isWord(bytes, first, end, "nan")) {
      let after = first + 3;
      if (isWord(bytes, after, end, "(ind)")) after += 5;
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
    return start;
  }
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
  if (at >= end) return true;
  const c = bytes[at]!;
  const letter = c | 32;
  return !((letter >= 97 && letter <= 122) || (c >= ZERO && c <= NINE) || c === 95);
}
