import { AHEAD } from "./columns";
import { absoluteErrors } from "./distance";
import { addNumber } from "./exact-sum";
import { findExtremes, mayExtend, NOT_FINITE } from "./extremes";
import { isPaused, noteFailure, noteSuccess } from "./pause";
import * as S from "./state";
import { BLOCK, pair, splat } from "./vector";
import { losses } from "./workspace";

/*
 * Absolute differences of float32 columns, added up as they come, which is exact for nearly all data: numbers of float32
 * are multiples of 2^u, u = e - 23, e the exponent of the smallest of them but 0, and so are their differences and all
 * sums of these. With all differences below 2^top no sum of BLOCK exceeds 2^(top + 9), and 53 bits hold it where
 * top + 9 <= u + 53: where the smallest number is not below 2^(top - 21). Both bounds are read off after the pass; where
 * they do not hold, nothing has been added and the block takes another way.
 *
 * The bits of float32 times -2, as integers, drop the sign and turn the order round: the smallest number but 0 becomes
 * the largest, and 0 stays 0. A product, as the units that multiply have nothing else to do here.
 */
const MAGNITUDE = memory.data<i64>([0x7fffffffffffffff, 0x7fffffffffffffff], 16);
const MINUS_TWO = memory.data<i32>([-2, -2, -2, -2], 16);

/**
 * Adds the absolute differences of `count` rows of float32 columns, BLOCK or LONG_BLOCK of them, half in each lane, where
 * they can be added plainly.
 */
export function plainly(state: usize, target: usize, prediction: usize, count: i32, firstRow: f64): bool {
  if (isPaused(state + S.PLAIN_PAUSE)) return false;
  const magnitude = v128.load(MAGNITUDE);
  const minusTwo = v128.load(MINUS_TWO);
  let sums = splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  let turned = i32x4.splat(0);
  let t = target;
  for (let p = prediction, end = p + (<usize>count << 2); p < end; p += 32) {
    const d0 = v128.and(magnitude, f64x2.sub(pair<f32>(0, p), pair<f32>(0, t)));
    const d1 = v128.and(magnitude, f64x2.sub(pair<f32>(1, p), pair<f32>(1, t)));
    const d2 = v128.and(magnitude, f64x2.sub(pair<f32>(2, p), pair<f32>(2, t)));
    const d3 = v128.and(magnitude, f64x2.sub(pair<f32>(3, p), pair<f32>(3, t)));
    sums = f64x2.add(sums, f64x2.add(f64x2.add(d0, d1), f64x2.add(d2, d3)));
    const high0 = v128.shuffle<i32>(d0, d1, 1, 3, 5, 7);
    const high1 = v128.shuffle<i32>(d2, d3, 1, 3, 5, 7);
    most = i32x4.max_u(most, i32x4.max_u(high0, high1));
    least = i32x4.min_u(least, i32x4.min_u(high0, high1));
    const turned0 = i32x4.max_u(i32x4.mul(v128.load(p), minusTwo), i32x4.mul(v128.load(t), minusTwo));
    const turned1 = i32x4.max_u(i32x4.mul(v128.load(p, 16), minusTwo), i32x4.mul(v128.load(t, 16), minusTwo));
    turned = i32x4.max_u(turned, i32x4.max_u(turned0, turned1));
    load<i32>(p, AHEAD);
    load<i32>(t, AHEAD);
    t += 32;
  }
  const highest = mostLane(most);
  if (highest >= NOT_FINITE) return false;
  if (<i32>(highest >> 20) - 1022 + 9 > unitOf(mostLane(turned)) + 53) {
    noteFailure(state + S.PLAIN_PAUSE);
    return false;
  }
  noteSuccess(state + S.PLAIN_PAUSE);
  addNumber(state + S.SUM, f64x2.extract_lane(sums, 0));
  addNumber(state + S.SUM, f64x2.extract_lane(sums, 1));
  if (mayExtend(state, ~mostLane(v128.not(least)), 0, highest, u32.MAX_VALUE)) {
    absoluteErrors<f32>(target, prediction, count, losses());
    findExtremes(state, count, firstRow);
  }
  store<f64>(state, load<f64>(state, S.FINITE) + <f64>count, S.FINITE);
  store<i32>(state, load<i32>(state, S.QUICK_BLOCKS) + count / BLOCK, S.QUICK_BLOCKS);
  return true;
}

/** The u of which 2^u divides all numbers, of the largest of their turned bits. */
function unitOf(turned: u32): i32 {
  const twice: u32 = 0 - turned;
  return turned == 0 ? 0 : max(<i32>(twice >> 24), 1) - 150;
}

// @ts-ignore: decorator
@inline
function mostLane(x: v128): u32 {
  return max<u32>(
    max<u32>(i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1)),
    max<u32>(i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3)),
  );
}
