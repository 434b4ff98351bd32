import { AHEAD } from "./columns";
import { distance2, MAE, MSE } from "./distance";
import { addInteger, addNumber } from "./exact-sum";
import * as S from "./state";
import { pair, powerOfTwo, splat } from "./vector";
import { above, fits, noteReached, noteWords, stayed } from "./windows";

/*
 * Losses through one window (windows.ts), two at a time, seven additions for both: S takes x and y, Z = S'' - S is x + y but
 * for two cuts, and the rest of both, at most 2^q, is b - (Z - a), a the larger of them. Z - a is a multiple of a's
 * unit 2^(e - 52) (or of 2^q, which does no harm), and b but for 2^q, so it is exact up to 2^(e + 1). It is beyond that
 * only where a and b lie within 2^q of a power of two; its high word is above that of a then (`over`), and the block
 * takes another way.
 */
/** Losses of other kinds than of distance, as they stand in the workspace. */
export const STORED: i32 = -1;

/** Whether two losses of the last pass lay too near a power of two. */
export let crossed: bool = false;

export function forgetCrossing(): void {
  crossed = false;
}

/** The pass that takes two at a time. */
// @ts-ignore: decorator
@inline
export function pairPass<T>(kind: i32, zeros: bool, state: usize, target: usize, prediction: usize, count: i32): bool {
  const w = load<i32>(state, S.WINDOW);
  const q = w - 52;
  const start = splat(powerOfTwo(w));
  let s0 = start;
  let s1 = start;
  let rests = splat(0);
  let over = i32x4.splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (const end = prediction + <usize>count * sizeof<T>(); prediction < end; prediction += 8 * sizeof<T>()) {
    const x0 = loss2<T>(kind, 0, target, prediction);
    const x1 = loss2<T>(kind, 1, target, prediction);
    const x2 = loss2<T>(kind, 2, target, prediction);
    const x3 = loss2<T>(kind, 3, target, prediction);
    if (isColumn(kind)) {
      load<i32>(prediction, AHEAD);
      load<i32>(target, AHEAD);
      target += 8 * sizeof<T>();
    }

    const a0 = f64x2.pmax(x0, x1);
    const b0 = v128.xor(v128.xor(x0, x1), a0);
    const t0 = f64x2.add(f64x2.add(s0, x0), x1);
    const d0 = f64x2.sub(f64x2.sub(t0, s0), a0);
    s0 = t0;
    over = v128.or(over, i32x4.gt_s(d0, a0));
    rests = f64x2.add(rests, f64x2.sub(b0, d0));
    most = i32x4.max_u(most, a0);
    least = i32x4.min_u(least, above(zeros, b0));
    // Of a zero and another the other is the least.
    if (zeros) least = i32x4.min_u(least, above(zeros, a0));

    const a1 = f64x2.pmax(x2, x3);
    const b1 = v128.xor(v128.xor(x2, x3), a1);
    const t1 = f64x2.add(f64x2.add(s1, x2), x3);
    const d1 = f64x2.sub(f64x2.sub(t1, s1), a1);
    s1 = t1;
    over = v128.or(over, i32x4.gt_s(d1, a1));
    rests = f64x2.add(rests, f64x2.sub(b1, d1));
    most = i32x4.max_u(most, a1);
    least = i32x4.min_u(least, above(zeros, b1));
    if (zeros) least = i32x4.min_u(least, above(zeros, a1));
    // No loss of distance is negative, but of others the smaller of two may be.
    if (kind == STORED) most = i32x4.max_u(i32x4.max_u(most, b0), b1);
  }
  noteWords(most, least);
  const h0 = i64x2.sub(s0, start);
  const h1 = i64x2.sub(s1, start);
  const stays = stayed(v128.or(h0, h1));
  // Beyond their binade sums are cut by more, which tells nothing of two losses.
  crossed = stays && (i32x4.extract_lane(over, 1) | i32x4.extract_lane(over, 3)) != 0;
  if (!stays || crossed || !fits(q + 7)) {
    noteReached(f64x2.max(s0, s1), w);
    return false;
  }
  const heads = i64x2.add(h0, h1);
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  addNumber(state + S.SUM, f64x2.extract_lane(rests, 0));
  addNumber(state + S.SUM, f64x2.extract_lane(rests, 1));
  return true;
}

/**
 * Whether the pass computes the losses itself from two columns. Those whose own chains are long stand in the workspace:
 * two short passes are faster.
 */
// @ts-ignore: decorator
@inline
export function isColumn(kind: i32): bool {
  return kind == MSE || kind == MAE;
}

/** The losses of the pair i. */
// @ts-ignore: decorator
@inline
function loss2<T>(kind: i32, i: i32, target: usize, prediction: usize): v128 {
  if (!isColumn(kind)) return pair<T>(i, prediction);
  const magnitude = i64x2.splat(0x7fffffffffffffff);
  return distance2<T>(kind, pair<T>(i, target), pair<T>(i, prediction), splat(0), splat(0), magnitude);
}
