import { countDigits, upTo16, upTo8 } from "./digits";
import { carefully, LEAST_POWER, MOST_POWER, quickly } from "./eisel-lemire";

/** Numbers that are not read here: what is left to the host. */
export const NONE: usize = 0;

const TENS: usize = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);
const WHOLE_TENS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
  10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
]);
/** One division or product of exact doubles rounds once. Up to 2^53 they are exact; fewer digits are told apart better. */
const SURE_BITS: u64 = 48;
/** Below the n-th of these, a number takes n digits more and stays below 2^64. */
const ROOM: usize = memory.data<u64>([
  18446744073709551615, 1844674407370955161, 184467440737095516, 18446744073709551, 1844674407370955, 184467440737095,
  18446744073709, 1844674407370, 184467440737,
]);

/**
 * Reads the number at `p` into `out`, correctly rounded: `-?\d+(\.\d+)?([eE][-+]?\d+)?`, nan and infinities.
 * @returns the place after it, or NONE for anything else and for what needs more than 19 digits.
 */
// @ts-ignore: decorator
@inline
export function scanNumber(p: usize, out: usize): usize {
  const negative = load<u8>(p) == 45;
  p += <usize>negative;
  let m = <u64>load<u8>(p) - 48;
  let n: usize = 1;
  // One digit and a point are told apart by branches: what follows need not wait for a count.
  if (m > 9 || load<u8>(p, 1) != 46) {
    n = countDigits(p);
    if (n - 1 > 14) return scanWord(p, negative, out);
    m = n <= 8 ? upTo8(p, n) : upTo16(p + n, n);
  }
  p += n;
  let power: i32 = 0;
  let c = <u32>load<u8>(p);
  if (c == 46) {
    p++;
    const f = countDigits(p);
    if (f == 0 || n + f > 19) return NONE;
    if (f <= 8) {
      m = m * load<u64>(WHOLE_TENS + (f << 3)) + upTo8(p, f);
      p += f;
      power = -<i32>f;
    } else {
      m = m * load<u64>(WHOLE_TENS + (f << 3)) + upTo16(p + f, f);
      p += f;
      power = -<i32>f;
      if (<u32>load<u8>(p) - 48 < 10) {
        const more = countDigits(p);
        if (more > 8 || m >= load<u64>(ROOM + (more << 3))) return NONE;
        m = m * load<u64>(WHOLE_TENS + (more << 3)) + upTo8(p, more);
        p += more;
        power -= <i32>more;
      }
    }
    c = load<u8>(p);
  }
  if ((c | 32) == 101) {
    c = load<u8>(++p);
    const down = c == 45;
    if (down || c == 43) p++;
    const n = countDigits(p);
    if (n - 1 > 2) return NONE;
    const exponent = <i32>upTo8(p, n);
    power += down ? -exponent : exponent;
    p += n;
  }
  let value: f64;
  if (m < <u64>1 << SURE_BITS && <u32>(power + 22) <= 44) {
    value = <f64>(<i64>m);
    value = power < 0 ? value / load<f64>(TENS - (<usize>power << 3)) : value * load<f64>(TENS + (<usize>power << 3));
  } else if (m == 0) value = 0;
  else if (<u32>(power - LEAST_POWER) > <u32>(MOST_POWER - LEAST_POWER)) return NONE;
  else {
    value = quickly(m, power);
    if (value == 0) value = carefully(m, power);
    if (value != value) return NONE;
  }
  store<f64>(out, negative ? -value : value);
  return p;
}

/** nan, inf, infinity in any case, where the word ends there. */
function scanWord(p: usize, negative: bool, out: usize): usize {
  const word = (load<u32>(p) | 0x20202020) & 0xffffff;
  p += 3;
  if (word == 0x6e616e) {
    if (load<u8>(p) == 40 || isWord(load<u8>(p))) return NONE;
    store<f64>(out, NaN);
    return p;
  }
  if (word != 0x666e69) return NONE;
  if ((load<u32>(p) | 0x20202020) == 0x74696e69 && (load<u8>(p, 4) | 32) == 121) p += 5;
  if (isWord(load<u8>(p))) return NONE;
  store<f64>(out, negative ? -Infinity : Infinity);
  return p;
}

/** Letters, digits, underscore. */
function isWord(c: u32): bool {
  return (c | 32) - 97 < 26 || c - 48 < 10 || c == 95;
}
