import { arrangeVectors } from "../input/arrange-rows.ts";
import type { Loss, Numbers, Reduction } from "../loss.ts";
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
    evaluate({ prediction, target, rows, classes }, out) {
      const angle = new Float64Array(5).fill(1);
      for (let r = 0; r < rows; r++) {
        const at = r * classes;
        measureAngle(prediction, target, at, classes, angle);
        const cos = angle[0]!;
        if (form === "neg_similarity") out[r] = -cos;
        else out[r] = cos >= 0.5 ? gapOf(prediction, target, at, classes, angle) : 1 - cos;
      }
    },
    differentiate({ prediction, target, rows, classes }, out) {
      const angle = new Float64Array(5).fill(1);
      for (let r = 0; r < rows; r++) {
        const at = r * classes;
        measureAngle(prediction, target, at, classes, angle);
        const [cos, pp, pScale, tt, tScale] = angle as unknown as readonly [
          number,
          number,
          number,
          number,
          number,
        ];
        const length = Math.sqrt(pp);
        const targetLength = Math.sqrt(tt);
        for (let i = at; i < at + classes; i++) {
          const a = (prediction[i]! * pScale) / length;
          const b = (target[i]! * tScale) / targetLength;
          out[i] = pp === 0 || tt === 0 ? cos : (-(b - cos * a) / length) * pScale;
        }
      }
    },
  };
}

/**
 * Writes the cosine of a row's angle, then the square of the length of the prediction's row times a power of 2 and that
 * power, then both for the target's.
 *
 * The powers bring lengths to 2^-4 or more and below 4. Of 64 and its powers one alone does, so that no row's bits depend on another's:
 * the one of the row before is taken where it surely fits. Each number is cut at 2^-26, by adding GRID, into head and tail:
 * products of heads and their sums have at most 53 bits, so that nothing is taken from them by rounding; what the tails add is
 * 2^-26 of it.
 */
function measureAngle(p: Numbers, t: Numbers, at: number, classes: number, angle: Float64Array): void {
  let pp = 0;
  let tt = 0;
  let pt = 0;
  for (let tries = 0; tries < 2; tries++) {
    const pScale = angle[2]!;
    const tScale = angle[4]!;
    let ppTail = 0;
    let ttTail = 0;
    let ptTail = 0;
    pp = tt = pt = 0;
    for (let i = at; i < at + classes; i++) {
      const x = p[i]! * pScale;
      const y = t[i]! * tScale;
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
    angle[2] = scaleOf(p, at, classes);
    angle[4] = scaleOf(t, at, classes);
  }
  angle[1] = pp;
  angle[3] = tt;
  // Beside a row of zeros 0, or NaN where the other has no numbers.
  angle[0] = pp === 0 || tt === 0 ? pt : pt / Math.sqrt(pp * tt);
}

/** The last bit of what is near it is 2^-24. */
const GRID = 1.5 * 2 ** 28;

/** The power of 64 that brings the length of a row to 2^-4 or more and below 4. */
function scaleOf(values: Numbers, at: number, classes: number): number {
  let max = 0;
  for (let i = at; i < at + classes; i++) max = Math.max(max, Math.abs(values[i]!));
  // In units of about the largest number, whose squares are far from the ends of float64.
  const size = Math.max(-1000, Math.floor(Math.log2(max)));
  const unit = 2 ** -size;
  let square = 0;
  for (let i = at; i < at + classes; i++) square += (values[i]! * unit) ** 2;
  return 64 ** Math.min(160, -Math.floor((size + Math.log2(square) / 2 + 4) / 6));
}

/**
 * 1 - cos = sin^2 / (1 + cos), |p| sin being what p - q t has at right angles to t, for q = |p| / |t|. That is all of a
 * small difference but for what rounding takes from q; the products are exact, so that it keeps its digits.
 */
function gapOf(p: Numbers, t: Numbers, at: number, classes: number, angle: Float64Array): number {
  const q = Math.sqrt(angle[1]! / angle[3]!);
  let squares = 0;
  let squaresRest = 0;
  let along = 0;
  let alongRest = 0;
  for (let i = at; i < at + classes; i++) {
    const y = t[i]! * angle[4]!;
    const product = q * y;
    const d = p[i]! * angle[2]! - product - productError(q, y, product);
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
  return Math.max(0, squares + (squaresRest - (along / angle[3]!) * along)) / angle[1]! / (1 + angle[0]!);
}
