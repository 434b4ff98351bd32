import { addInteger, addNumber } from "./exact-sum";
import * as S from "./state";
import { addLanes, BLOCK_BYTES, powerOfTwo, splat } from "./vector";
import { above, fits, noteWords } from "./windows";
import { losses } from "./workspace";

/*
 * The deep way, for losses within 2^82 or so, cuts twice. S starts at 2^w. While it stays below 2^(w + 1), each addition cuts
 * x to a multiple of 2^q, and what is cut off, x - (S' - S), is exact, at most 2^(q - 1). No x is negative, so S only grows, and
 * has stayed where it is there at the end: its bits less those of 2^w are below 2^52 then, the sum of the cut numbers in units
 * of 2^q.
 *
 * The rests are cut once more: A starts at 1.5 * 2^(p + 52), p = q - 45, where 2^7 rests
 * leave it, and its own rests go to B: two lanes of 2^8 of at most 2^(p - 1), or 2^(p + 8), fit 53 bits where no x but 0
 * is below 2^(p + 7) = 2^(w - 90).
 */

/** Adds the BLOCK losses that stand in the workspace, two windows deep, where they fit. @returns whether it did, else nothing was added. */
// @ts-ignore: decorator
@inline
export function deepPass(zeros: bool, state: usize): bool {
  const w = load<i32>(state, S.WINDOW);
  const q = w - 52;
  const p = q - 45;
  const start = splat(powerOfTwo(w));
  const deepStart = splat(1.5 * powerOfTwo(p + 52));
  let s0 = start;
  let s1 = start;
  let s2 = start;
  let s3 = start;
  let a0 = deepStart;
  let a1 = deepStart;
  let b0 = splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (let values = losses(), end = values + BLOCK_BYTES; values < end; values += 64) {
    const x0 = v128.load(values);
    const x1 = v128.load(values, 16);
    const x2 = v128.load(values, 32);
    const x3 = v128.load(values, 48);
    most = i32x4.max_u(i32x4.max_u(most, x0), x1);
    least = i32x4.min_u(i32x4.min_u(least, above(zeros, x0)), above(zeros, x1));
    most = i32x4.max_u(i32x4.max_u(most, x2), x3);
    least = i32x4.min_u(i32x4.min_u(least, above(zeros, x2)), above(zeros, x3));
    const t0 = f64x2.add(s0, x0);
    const t1 = f64x2.add(s1, x1);
    const r0 = f64x2.sub(x0, f64x2.sub(t0, s0));
    const r1 = f64x2.sub(x1, f64x2.sub(t1, s1));
    s0 = t0;
    s1 = t1;
    const c0 = f64x2.add(a0, r0);
    const c1 = f64x2.add(a1, r1);
    b0 = f64x2.add(b0, f64x2.sub(r0, f64x2.sub(c0, a0)));
    b0 = f64x2.add(b0, f64x2.sub(r1, f64x2.sub(c1, a1)));
    const t2 = f64x2.add(s2, x2);
    const t3 = f64x2.add(s3, x3);
    const r2 = f64x2.sub(x2, f64x2.sub(t2, s2));
    const r3 = f64x2.sub(x3, f64x2.sub(t3, s3));
    s2 = t2;
    s3 = t3;
    a0 = f64x2.add(c0, r2);
    a1 = f64x2.add(c1, r3);
    b0 = f64x2.add(b0, f64x2.sub(r2, f64x2.sub(a0, c0)));
    b0 = f64x2.add(b0, f64x2.sub(r3, f64x2.sub(a1, c1)));
  }
  noteWords(most, least);
  const h0 = i64x2.sub(s0, start);
  const h1 = i64x2.sub(s1, start);
  const h2 = i64x2.sub(s2, start);
  const h3 = i64x2.sub(s3, start);
  if (!stayed(v128.or(v128.or(h0, h1), v128.or(h2, h3))) || !fits(w, p + 7)) return false;
  const heads = i64x2.add(i64x2.add(h0, h1), i64x2.add(h2, h3));
  const middles = i64x2.sub(i64x2.add(a0, a1), i64x2.shl(deepStart, 1));
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  addInteger(state + S.SUM, i64x2.extract_lane(middles, 0) + i64x2.extract_lane(middles, 1), p);
  addNumber(state + S.SUM, addLanes(b0));
  return true;
}

/** Whether sums that began at 2^w are below 2^(w + 1), by all bits that they grew by. */
// @ts-ignore: decorator
@inline
function stayed(grown: v128): bool {
  return (i64x2.extract_lane(grown, 0) | i64x2.extract_lane(grown, 1)) >>> 52 == 0;
}
