import { FIVES, LEAST_POWER, MOST_POWER } from "./eisel-lemire";
import { NONE, scanNumber } from "./number";

/* A program is a list of steps: the length of a literal, what follows it, the literal itself in 16s of bytes. */

/** What follows a literal. */
const END: u32 = 0;
const NUMBER: u32 = 1;
const BLANKS: u32 = 2;
const DIGITS: u32 = 3;
/** Text up to its closing quote, which the upper bytes name; escapes, line ends and numbers are left to the host. */
const STRING: u32 = 4;

const HEADER: usize = 16;
/** From n bytes before the middle on: n bytes that count, then bytes that do not. */
const COUNTS: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0,
]);

/** Where the last run stopped: the beginning of the first line that is not of its shape. */
const STOPPED: usize = memory.data(4, 4);

export function stopped(): usize {
  return STOPPED;
}

/** What follows is the host's. */
export function heap(): usize {
  return __heap_base;
}

export function fives(): usize {
  return FIVES;
}

export function leastPower(): i32 {
  return LEAST_POWER;
}

export function mostPower(): i32 {
  return MOST_POWER;
}

/**
 * Reads lines from `from` on while they are of the program's shape, at most `most` of them: number k of line r goes to
 * `out + k * stride + 8 r`. After the bytes stand 16 zeros, which are of no shape.
 * @returns how many lines there were; at STOPPED is where they end.
 */
export function run(program: usize, from: usize, most: i32, out: usize, stride: usize): i32 {
  let line = from;
  let row: i32 = 0;
  for (; row < most; row++, out += 8) {
    let p = line;
    let step = program;
    let slot = out;
    for (;;) {
      const length = <usize>load<u32>(step);
      const action = load<u32>(step, 4);
      if (!isLiteral(p, step + HEADER, length)) {
        store<usize>(STOPPED, line);
        return row;
      }
      p += length;
      step += HEADER + ((length + 15) & ~15);
      if (action == NUMBER) {
        p = scanNumber(p, slot);
        slot += stride;
      } else if (action == END) break;
      else if (action == BLANKS) {
        const first = p;
        while (load<u8>(p) == 32 || load<u8>(p) == 9) p++;
        if (p == first) p = NONE;
      } else if (action == DIGITS) {
        const first = p;
        while (<u32>load<u8>(p) - 48 < 10) p++;
        if (p == first) p = NONE;
      } else p = scanString(p, action >> 8);
      if (p == NONE) {
        store<usize>(STOPPED, line);
        return row;
      }
    }
    const c = load<u8>(p);
    if (c == 10) line = p + 1;
    else if (c == 13 && load<u8>(p, 1) == 10) line = p + 2;
    else break;
  }
  store<usize>(STOPPED, line);
  return row;
}

// @ts-ignore: decorator
@inline
function isLiteral(p: usize, text: usize, length: usize): bool {
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(p), v128.load(text)))) return false;
    p += 16;
    text += 16;
    length -= 16;
  }
  return !v128.any_true(
    v128.and(v128.xor(v128.load(p), v128.load(text)), v128.load(COUNTS + 16 - length)),
  );
}

/** The place of the closing quote. Text that may spell a number is left to the host: it would be a point. */
function scanString(p: usize, quote: u32): usize {
  const first = <u32>load<u8>(p);
  if (first == quote) return p;
  const letter = first | 32;
  if (letter == 105 || letter == 110 || first == 43 || first == 45) return NONE;
  let numeric = first - 48 < 10 || first == 46;
  let c = first;
  do {
    if (c < 32 || c == 92) return NONE;
    if (c - 48 > 9 && (c | 32) != 101 && c != 43 && c != 45 && c != 46) numeric = false;
    c = <u32>load<u8>(++p);
  } while (c != quote);
  return numeric ? NONE : p;
}
