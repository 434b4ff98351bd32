import { arrangeVectors } from "../input/arrange-rows.ts";
import type { Loss, LossColumns, Numbers, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/** Options of {@link cosine}. */
export interface CosineOptions {
  /** 1 - cos ("distance", the default) or -cos ("neg_similarity", Keras). */
  readonly form?: "distance" | "neg_similarity";
}

/**
 * Makes the cosine loss of rows: 1 - cos or -cos of the angle between prediction p and target t, one loss a row.
 * Id `cosine`. A row of zeros has no direction: its cosine and its gradient are 0. The mean divides by the number of rows.
 *
 * Rows are scaled by a power of 2, and their products added up without error. 1 - cos = sin^2 / (1 + cos), of what p has at
 * right angles to t, keeps its digits as the angle closes, where 1 - sum a b would lose them, with a = p / |p|, b = t / |t|.
 * Gradient by p: -(b - cos a) / |p|.
 * Source: Keras's `CosineSimilarity` ("neg_similarity"); 1 - cos is its distance.
 * Rows are N x C, or N x C x d1 x ... with the classes first, in any unit; losses have none, slopes are in its
 * reciprocal. NaN stays in its own row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are
 * the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_CLASS_COUNT_MISMATCH.
 */
export function cosine<R extends Reduction = "mean">(
  options?: (CosineOptions & LossOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(cosineKernel, arrangeVectors, options);
}

/** Reads the options of {@link cosine}. */
export function cosineKernel({ form = "distance" }: CosineOptions): Kernel {
  return {
    id: "cosine",
    rules: { form: [form, "distance", "neg_similarity"] },
    target: "vector",
    evaluate: (columns, out) => walk(columns, out, false, form),
    differentiate: (columns, out) => walk(columns, out, true, form),
  };
}

/**
 * Of each row computes the cosine and the squares of both lengths times powers of 2, and from them what is asked for.
 *
 * The powers bring lengths to 2^-4 or more and below 4. Of 64 and its powers one alone does, so that no row's bits depend on another's:
 * the one of the row before is taken where it surely fits. Each number is cut at 2^-26, by adding GRID, into head and tail:
 * products of heads and their sums have at most 53 bits, so that nothing is taken from them by rounding; what the tails add is
 * 2^-26 of it.
 */
function walk(
  { prediction, target, rows, classes }: LossColumns,
  out: Float64Array,
  isSlope: boolean,
  form: CosineOptions["form"],
): void {
  let pScale = 1;
  let tScale = 1;
  for (let r = 0; r < rows; r++) {
    const at = r * classes;
    const end = at + classes;
    let pp = 0;
    let tt = 0;
    let pt = 0;
    for (let tries = 0; tries < 2; tries++) {
      let ppTail = 0;
      let ttTail = 0;
      let ptTail = 0;
      pp = tt = pt = 0;
      for (let i = at; i < end; i++) {
        const x = prediction[i]! * pScale;
        const y = target[i]! * tScale;
        const xHead = x + GRID - GRID;
        const yHead = y + GRID - GRID;
        const xTail = x - xHead;
        const yTail = y - yHead;
        pp += xHead * xHead;
        tt += yHead * yHead;
        pt += xHead * yHead;
        ppTail += (x + xHead) * xTail;
        ttTail += (y + yHead) * yTail;
        ptTail += xHead * yTail + xTail * y;
      }
      pp += ppTail;
      tt += ttTail;
      pt += ptTail;
      if (pp > 0.00391 && pp < 15.9 && tt > 0.00391 && tt < 15.9) break;
      pScale = scaleOf(prediction, at, end);
      tScale = scaleOf(target, at, end);
    }
    const isZero = pp === 0 || tt === 0;
    // Beside a row of zeros 0, or NaN where the other has no numbers.
    const cos = isZero ? pt : pt / Math.sqrt(pp * tt);
    const length = Math.sqrt(pp);
    const targetLength = Math.sqrt(tt);
    if (isSlope) {
      for (let i = at; i < end; i++) {
        const a = (prediction[i]! * pScale) / length;
        const b = (target[i]! * tScale) / targetLength;
        out[i] = isZero ? cos : (-(b - cos * a) / length) * pScale;
      }
    } else if (form === "neg_similarity") out[r] = -cos;
    else out[r] = cos >= 0.5 ? gapOf(prediction, target, at, end, pScale, tScale, pp, tt, cos) : 1 - cos;
  }
}

/** The last bit of what is near it is 2^-24. */
const GRID = 1.5 * 2 ** 28;

/** The power of 64 that brings the length of a row to 2^-4 or more and below 4. */
function scaleOf(values: Numbers, at: number, end: number): number {
  let max = 0;
  for (let i = at; i < end; i++) max = Math.max(max, Math.abs(values[i]!));
  // In units of about the largest number, whose squares are far from the ends of float64.
  const size = Math.max(-1000, Math.floor(Math.log2(max)));
  const unit = 2 ** -size;
  let square = 0;
  for (let i = at; i < end; i++) square += (values[i]! * unit) ** 2;
  return 64 ** Math.min(160, -Math.floor((size + Math.log2(square) / 2 + 4) / 6));
}

/**
 * 1 - cos = sin^2 / (1 + cos), |p| sin being what p - q t has at right angles to t, for q = |p| / |t|. That is all of a
 * small difference but for what rounding takes from q; the products are exact, so that it keeps its digits.
 */
function gapOf(
  p: Numbers,
  t: Numbers,
  at: number,
  end: number,
  pScale: number,
  tScale: number,
  pp: number,
  tt: number,
  cos: number,
): number {
  const q = Math.sqrt(pp / tt);
  let squares = 0;
  let squaresRest = 0;
  let along = 0;
  let alongRest = 0;
  for (let i = at; i < end; i++) {
    const y = t[i]! * tScale;
    const product = q * y;
    const d = p[i]! * pScale - product - productError(q, y, product);
    const dd = d * d;
    const nextSquares = squares + dd;
    squaresRest += sumError(squares, dd, nextSquares);
    squares = nextSquares;
    const dy = d * y;
    const nextAlong = along + dy;
    alongRest += sumError(along, dy, nextAlong);
    along = nextAlong;
  }
  along += alongRest;
  return Math.max(0, squares + (squaresRest - (along / tt) * along)) / pp / (1 + cos);
}
