import { arrangeRows } from "../input/arrange-rows.ts";
import type { Loss, Numbers, Reduction } from "../loss.ts";
import { checkChoice } from "./check-choice.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";

export interface CosineOptions {
  /** 1 - cos ("distance", the default) or -cos ("neg_similarity", Keras). */
  readonly form?: "distance" | "neg_similarity";
}

/**
 * Makes the cosine loss of rows: 1 - cos or -cos of the angle between prediction p and target t, one loss a row.
 * Id `cosine`. A row of zeros has no direction: its cosine and its gradient are 0. The mean divides by the number of rows.
 *
 * With a = p / |p|, b = t / |t| (rows are first scaled by a power of 2, so that no square overflows or vanishes), for
 * s = 1 or -1, the sign of the cosine: 1 - s cos = |a - s b|^2 / 2, which keeps its digits as the angle closes, where
 * 1 - sum a b would lose them. Gradient by p: -(b - cos a) / |p|, with b - cos a = (b - s a) + s (1 - s cos) a.
 * @throws LF_BAD_PARAMETER; on use LF_CLASS_COUNT_MISMATCH.
 */
export function cosine<R extends Reduction = "mean">(options: CosineOptions & LossOptions<R> = {}): Loss<R> {
  const { form = "distance" } = options;
  checkChoice("cosine", "form", form, "distance", "neg_similarity");
  return lossFromKernel(
    {
      id: "cosine",
      params: { form },
      unit: "row",
      arrange: arrangeRows("vectors"),
      target: "vector",
      evaluate({ prediction, target, rows, classes }, out) {
        const p = new Float64Array(classes + 2);
        const t = new Float64Array(classes + 2);
        for (let r = 0; r < rows; r++) {
          loadRow(prediction, r * classes, p);
          loadRow(target, r * classes, t);
          const cos = cosineOf(p, t);
          if (form === "neg_similarity") out[r] = -cos;
          else out[r] = cos > 0.5 ? gapOf(p, t, 1) : 1 - cos;
        }
      },
      differentiate({ prediction, target, rows, classes }, out) {
        const p = new Float64Array(classes + 2);
        const t = new Float64Array(classes + 2);
        for (let r = 0; r < rows; r++) {
          loadRow(prediction, r * classes, p);
          loadRow(target, r * classes, t);
          const cos = cosineOf(p, t);
          const s = cos < 0 ? -1 : 1;
          const gap = Math.abs(cos) > 0.5 ? gapOf(p, t, s) : 1 - s * cos;
          const norm = p[classes]!;
          const factor = norm === 0 || t[classes] === 0 ? 0 : 1;
          for (let c = 0; c < classes; c++) {
            const a = factor * (p[c]! / (norm || 1));
            const b = factor * (t[c]! / (t[classes]! || 1));
            out[r * classes + c] = (-(b - s * a + s * gap * a) / (norm || 1)) * p[classes + 1]!;
          }
        }
      },
    },
    options,
  );
}

/** Copies a row of C numbers, times a power of 2 that brings the largest near 1; behind it its length and that power. */
function loadRow(values: Numbers, offset: number, row: Float64Array): void {
  const classes = row.length - 2;
  let max = 0;
  for (let c = 0; c < classes; c++) max = Math.max(max, Math.abs(values[offset + c]!));
  const exponent = Math.max(-1000, Math.min(1000, Math.floor(Math.log2(max))));
  const scale = max > 0 && max < Infinity ? 2 ** -exponent : 1;
  let squares = 0;
  for (let c = 0; c < classes; c++) {
    const v = values[offset + c]! * scale;
    row[c] = v;
    squares += v * v;
  }
  row[classes] = Math.sqrt(squares);
  row[classes + 1] = scale;
}

function cosineOf(p: Float64Array, t: Float64Array): number {
  const classes = p.length - 2;
  let dot = 0;
  for (let c = 0; c < classes; c++) dot += p[c]! * t[c]!;
  const lengths = p[classes]! * t[classes]!;
  return lengths === 0 ? 0 : dot / lengths;
}

/** 1 - s cos = |a - s b|^2 / 2 for the directions a, b of two rows. */
function gapOf(p: Float64Array, t: Float64Array, s: number): number {
  const classes = p.length - 2;
  let squares = 0;
  for (let c = 0; c < classes; c++) {
    const d = p[c]! / p[classes]! - (s * t[c]!) / t[classes]!;
    squares += d * d;
  }
  return squares / 2;
}
