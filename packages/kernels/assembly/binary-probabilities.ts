import { isOutsideUnit } from "./columns";
import { balance2, focalOf, negativeFactor, positiveFactor, raised2 } from "./focal";
import { LEAST, logarithm, logarithms } from "./logarithm";
import { part } from "./power";
import { productError2, restOfOneLess2, sumError2 } from "./rounding";
import { load2 } from "./vector";
import { losses, parameter, scratch } from "./workspace";

/*
 * Binary cross-entropy and focal loss of blocks of probabilities p with targets t in [0, 1], both f32 or both f64.
 * Counts are multiples of 4. Parameters: 0 keep, 1 spread, 2 gain, 3 loss: the factor of -ln p is
 * yes = (t keep + spread) gain, that of -ln(1 - p) is no = ((1 - t) keep + spread) loss; 4 low, 5 high: the bounds of
 * p; 6 floor: that of logarithms; 7 alpha (below 0: none), 8 twice gamma.
 */
export const BCE: i32 = 7;
export const FOCAL: i32 = 8;

/** Writes the losses of the block. @returns false where a target or probability is refused. */
export function binaryProbabilities<T>(kind: i32, targets: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<T>(targets, count) || isOutsideUnit<T>(x, count)) return false;
  if (fromProbabilities<T>(kind, targets, x, count)) oddProbabilities<T>(kind, targets, x, count);
  return true;
}

/** p within its bounds; NaN stays. */
// @ts-ignore: decorator
@inline
function bounded2(p: v128, low: v128, high: v128): v128 {
  return f64x2.pmax(f64x2.pmin(p, high), low);
}

/** What rounding took from 1 - p, over 1 - p: so little that 1 / (1 - p) may be 1 + p. */
// @ts-ignore: decorator
@inline
function restOf(p: v128, q: v128): v128 {
  const lost = f64x2.sub(f64x2.sub(f64x2.splat(1), q), p);
  return f64x2.add(lost, f64x2.mul(lost, p));
}

/**
 * Writes losses from probabilities. One logarithm does for a block of hard labels, where the other's factor is 0; the
 * digits are the same. @returns whether some p or 1 - p has no logarithm here: those losses are void.
 */
function fromProbabilities<T>(kind: i32, targets: usize, x: usize, count: i32): bool {
  if (kind == BCE && parameter(1) == 0 && chooseByLabel<T>(targets, x, count)) {
    logarithms(scratch(0), count, scratch(2));
    hardEntropies<T>(targets, scratch(0), count);
    return highWordsAreOdd();
  }
  const low = f64x2.splat(parameter(4));
  const high = f64x2.splat(parameter(5));
  const width = 2 * sizeof<T>();
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (let i: usize = 0, at: usize = 0; i < <usize>count << 3; i += 16, at += width) {
    const p = bounded2(load2<T>(x + at), low, high);
    const q = f64x2.sub(f64x2.splat(1), p);
    most = i32x4.max_u(i32x4.max_u(most, p), q);
    least = i32x4.min_u(i32x4.min_u(least, p), q);
    v128.store(scratch(0) + i, p);
    v128.store(scratch(1) + i, q);
    v128.store(scratch(2) + i, restOf(p, q));
  }
  keepHighWords(most, least);
  logarithms(scratch(0), count, 0);
  logarithms(scratch(1), count, scratch(2));
  if (kind == BCE) softEntropies<T>(targets, scratch(0), scratch(1), count);
  else if (parameter(8) == 4) focalsOf<T>(targets, x, scratch(0), scratch(1), count, true);
  else focalsOf<T>(targets, x, scratch(0), scratch(1), count, false);
  return highWordsAreOdd();
}

/** Writes p where the label is 1, 1 - p and its rest where it is 0. @returns whether all labels are such. */
function chooseByLabel<T>(targets: usize, x: usize, count: i32): bool {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const low = f64x2.splat(parameter(4));
  const high = f64x2.splat(parameter(5));
  const width = 2 * sizeof<T>();
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  let hard = i64x2.splat(-1);
  for (let i: usize = 0, at: usize = 0; i < <usize>count << 3; i += 16, at += width) {
    const t = load2<T>(targets + at);
    const yes = i64x2.eq(t, one);
    hard = v128.and(hard, v128.or(yes, i64x2.eq(t, zero)));
    const p = bounded2(load2<T>(x + at), low, high);
    const q = f64x2.sub(one, p);
    most = i32x4.max_u(i32x4.max_u(most, p), q);
    least = i32x4.min_u(i32x4.min_u(least, p), q);
    v128.store(scratch(0) + i, v128.bitselect(p, q, yes));
    v128.store(scratch(2) + i, v128.andnot(restOf(p, q), yes));
  }
  keepHighWords(most, least);
  return i64x2.all_true(hard);
}

let highest: u32 = 0;
let lowest: u32 = 0;

function keepHighWords(most: v128, least: v128): void {
  highest = max<u32>(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3));
  lowest = min<u32>(i32x4.extract_lane(least, 1), i32x4.extract_lane(least, 3));
}

/** Whether some p or 1 - p is below 2^-1022, above 1 or NaN, by the high words of them all. */
function highWordsAreOdd(): bool {
  return lowest < 0x00100000 || highest > 0x3ff00000;
}

function hardEntropies<T>(targets: usize, logs: usize, count: i32): void {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const ceiling = f64x2.splat(-parameter(6));
  const gain = f64x2.splat(parameter(0) * parameter(2));
  const loss = f64x2.splat(parameter(0) * parameter(3));
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const factor = v128.bitselect(gain, loss, i64x2.eq(load2<T>(targets), one));
    const held = f64x2.pmin(ceiling, f64x2.neg(v128.load(logs)));
    v128.store(to, f64x2.add(f64x2.mul(factor, held), zero));
    targets += width;
    logs += 16;
  }
}

function softEntropies<T>(targets: usize, a: usize, b: usize, count: i32): void {
  const one = f64x2.splat(1);
  const ceiling = f64x2.splat(-parameter(6));
  const keep = f64x2.splat(parameter(0));
  const spread = f64x2.splat(parameter(1));
  const gain = f64x2.splat(parameter(2));
  const loss = f64x2.splat(parameter(3));
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = load2<T>(targets);
    const yes = f64x2.mul(f64x2.add(f64x2.mul(t, keep), spread), gain);
    const no = f64x2.mul(f64x2.add(f64x2.mul(f64x2.sub(one, t), keep), spread), loss);
    const c = f64x2.mul(yes, f64x2.pmin(ceiling, f64x2.neg(v128.load(a))));
    const d = f64x2.mul(no, f64x2.pmin(ceiling, f64x2.neg(v128.load(b))));
    v128.store(to, f64x2.add(f64x2.add(c, d), f64x2.splat(0)));
    targets += width;
    a += 16;
    b += 16;
  }
}

// @ts-ignore: decorator
@inline
function focalsOf<T>(targets: usize, x: usize, a: usize, b: usize, count: i32, square: bool): void {
  const one = f64x2.splat(1);
  const low = f64x2.splat(parameter(4));
  const high = f64x2.splat(parameter(5));
  const twiceGamma = square ? 4 : <i32>parameter(8);
  const positive = positiveFactor();
  const negative = negativeFactor();
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = load2<T>(targets);
    const p = bounded2(load2<T>(x), low, high);
    const q = f64x2.sub(one, p);
    const other = f64x2.sub(one, t);
    const otherRest = restOfOneLess2(t, other);
    const c = f64x2.mul(p, other);
    const d = f64x2.mul(q, t);
    const wrong = f64x2.add(c, d);
    const rest = f64x2.add(
      f64x2.add(sumError2(c, d, wrong), f64x2.add(productError2(p, other, c), productError2(q, t, d))),
      f64x2.add(f64x2.mul(p, otherRest), f64x2.mul(restOfOneLess2(p, q), t)),
    );
    const yes = v128.load(a);
    const no = v128.load(b);
    const e = f64x2.mul(t, yes);
    const f = f64x2.mul(other, no);
    const logs = f64x2.add(e, f);
    const logsRest = f64x2.add(
      f64x2.add(sumError2(e, f, logs), f64x2.mul(otherRest, no)),
      f64x2.add(productError2(t, yes, e), productError2(other, no, f)),
    );
    const loss = raised2(wrong, rest, f64x2.neg(logs), f64x2.neg(logsRest), twiceGamma);
    v128.store(to, f64x2.add(f64x2.mul(balance2(positive, negative, t), loss), f64x2.splat(0)));
    targets += width;
    x += width;
    a += 16;
    b += 16;
  }
}

/** Writes the losses of probabilities that are 0, 1, subnormal or NaN, one by one. */
function oddProbabilities<T>(kind: i32, targets: usize, x: usize, count: i32): void {
  const ceiling = -parameter(6);
  for (let i: usize = 0; i < <usize>count; i++) {
    let p = <f64>load<T>(x + i * sizeof<T>());
    if (p > parameter(5)) p = parameter(5);
    if (p < parameter(4)) p = parameter(4);
    const q = 1 - p;
    if (p >= LEAST && q >= LEAST) continue;
    const t = <f64>load<T>(targets + i * sizeof<T>());
    let a = -logarithm(p);
    // p is 1, below 2^-1022 or NaN, so that -ln(1 - p) is Infinity or p.
    let b = p == 1 ? Infinity : p;
    if (a > ceiling) a = ceiling;
    if (b > ceiling) b = ceiling;
    let loss: f64;
    if (kind == BCE) {
      const yes = (t * parameter(0) + parameter(1)) * parameter(2);
      const no = ((1 - t) * parameter(0) + parameter(1)) * parameter(3);
      loss = part(yes, a) + part(no, b);
    } else {
      loss = focalOf(p * (1 - t) + q * t, t == 1 ? 1 - q - p : 0, t, part(t, a) + part(1 - t, b));
    }
    store<f64>(losses() + (i << 3), loss + 0);
  }
}
