import { arrangeVectors } from "../input/arrange-rows.ts";
import type { Loss, Numbers, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { productError } from "../sum/product-error.ts";
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
 * With a = p / |p|, b = t / |t| (rows are first scaled by a power of 2, so that no square overflows or vanishes), for
 * s = 1 or -1, the sign of the cosine: 1 - s cos = sin^2 / (1 + s cos), of what p has at right angles to t, which keeps its
 * digits as the angle closes, where 1 - sum a b would lose them. Gradient by p: -(b - cos a) / |p|, with
 * b - cos a = (b - s a) + s (1 - s cos) a.
 * Source: Keras's `CosineSimilarity` ("neg_similarity"); 1 - cos is its distance.
 * @throws LF_BAD_PARAMETER; on use LF_CLASS_COUNT_MISMATCH.
 */
export function cosine<R extends Reduction = "mean">(options: CosineOptions & LossOptions<R> = {}): Loss<R> {
  return lossFromKernel(cosineKernel(options), arrangeVectors, options);
}

/** Reads the options of {@link cosine}. */
export function cosineKernel({ form = "distance" }: CosineOptions): Kernel {
  return {
    id: "cosine",
    rules: { form: [form, "distance", "neg_similarity"] },
    target: "vector",
    evaluate({ prediction, target, rows, classes }, out) {
      const angle = new Float64Array(5);
      for (let r = 0; r < rows; r++) {
        const at = r * classes;
        measureAngle(prediction, target, at, classes, angle);
        out[r] = form === "neg_similarity" ? -angle[0]! : gapOf(prediction, target, at, classes, 1, angle);
      }
    },
    differentiate({ prediction, target, rows, classes }, out) {
      const angle = new Float64Array(5);
      for (let r = 0; r < rows; r++) {
        const at = r * classes;
        measureAngle(prediction, target, at, classes, angle);
        const s = angle[0]! < 0 ? -1 : 1;
        const gap = gapOf(prediction, target, at, classes, s, angle);
        const isZero = angle[1] === 0 || angle[3] === 0;
        for (let i = at; i < at + classes; i++) {
          const a = (prediction[i]! * angle[2]!) / angle[1]!;
          const b = (target[i]! * angle[4]!) / angle[3]!;
          out[i] = isZero ? angle[0]! : (-(b - s * a + s * gap * a) / angle[1]!) * angle[2]!;
        }
      }
    },
  };
}

/**
 * Writes the cosine of a row's angle, then the length of the prediction's row times a power of 2 and that power, which
 * is 1 unless squares would overflow or vanish, then both for the target's.
 */
function measureAngle(p: Numbers, t: Numbers, at: number, classes: number, angle: Float64Array): void {
  let [pp, tt, pt, pScale, tScale] = [0, 0, 0, 1, 1];
  for (let tries = 0; tries < 2; tries++) {
    pp = tt = pt = 0;
    for (let i = at; i < at + classes; i++) {
      const x = p[i]! * pScale;
      const y = t[i]! * tScale;
      pp += x * x;
      tt += y * y;
      pt += x * y;
    }
    if (pp > 2 ** -800 && pp < 2 ** 800 && tt > 2 ** -800 && tt < 2 ** 800) break;
    pScale = scaleOf(p, at, classes);
    tScale = scaleOf(t, at, classes);
  }
  angle[1] = Math.sqrt(pp);
  angle[2] = pScale;
  angle[3] = Math.sqrt(tt);
  angle[4] = tScale;
  // Beside a row of zeros 0, or NaN where the other has no numbers.
  angle[0] = pp === 0 || tt === 0 ? pt : pt / (angle[1] * angle[3]);
}

/** A power of 2 that brings the largest of a row near 1. */
function scaleOf(values: Numbers, at: number, classes: number): number {
  let max = 0;
  for (let i = at; i < at + classes; i++) max = Math.max(max, Math.abs(values[i]!));
  return 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(max))));
}

/**
 * 1 - s cos = sin^2 / (1 + s cos), |p| sin being what p - q t has at right angles to t, for q = s |p| / |t|. That is all of a
 * small difference but for what rounding takes from q; the products are exact, so that it keeps its digits.
 */
function gapOf(p: Numbers, t: Numbers, at: number, classes: number, s: number, angle: Float64Array): number {
  const cos = s * angle[0]!;
  if (cos < 0.5) return 1 - cos;
  const length = angle[1]!;
  const q = (s * length) / angle[3]!;
  let squares = 0;
  let along = 0;
  for (let i = at; i < at + classes; i++) {
    const y = t[i]! * angle[4]!;
    const product = q * y;
    const d = p[i]! * angle[2]! - product - productError(q, y, product);
    squares += d * d;
    along += d * y;
  }
  return Math.max(0, squares - (along / angle[3]!) ** 2) / length / length / (1 + cos);
}
