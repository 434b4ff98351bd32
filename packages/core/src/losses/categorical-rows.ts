import type { WeighedColumns } from "../input/arrangement.ts";
import type { Convention, LossColumns, Numbers } from "../loss.ts";
import type { Focus } from "./focus.ts";
import type { Loops } from "./kernel.ts";

/**
 * Writes the factors of a row's classes into zeros, or over others; gives the one class whose factor alone it wrote, ALL
 * where it wrote all, or NONE where the row costs nothing.
 */
export type LoadFactors = (columns: LossColumns, row: number, factors: Float64Array) => number;

export const ALL = -1;
export const NONE = -2;

/** Writes the targets of a row, smoothed, times what their classes weigh, or all alike. */
export function targetFactors(
  smoothing: number,
  weights: readonly number[] | null,
  weight: number,
): LoadFactors {
  return ({ target, classes }, row, factors) => {
    for (let c = 0; c < classes; c++) {
      const t = target[row * classes + c]! * (1 - smoothing) + smoothing / classes;
      factors[c] = t * (weights?.[c] ?? weight);
    }
    return ALL;
  };
}

/**
 * Computes what the row from `at` costs, the sum over c of f_c (-ln q_c) with factors f, 0 leaving nothing even of an
 * infinite loss. Its derivative goes to `out`, where given. Where `only` >= 0 all other factors are 0.
 */
export type RowLoss = (
  x: Numbers,
  at: number,
  factors: Float64Array,
  only: number,
  out: Float64Array | null,
) => number;

/** Rows of logits or of probabilities, and how their losses are computed. */
export interface RowForm {
  readonly isLogits: boolean;
  /** Refuses predictions. @returns whether they are probabilities, none NaN. */
  readonly check: (columns: WeighedColumns) => boolean;
  /**
   * Makes the loss of a row. A `focus` takes the place of -ln q with a function of it, whose slope multiplies f in the
   * derivative.
   */
  readonly rowLoss: (convention: Convention, eps: number, focus?: Focus) => RowLoss;
}

/** Makes the loops of losses of rows of C classes. */
export function categoricalRows(rowLoss: RowLoss, loadFactors: LoadFactors): Loops {
  const walk = (columns: LossColumns, out: Float64Array, isSlope: boolean): void => {
    const { prediction, rows, classes } = columns;
    const factors = new Float64Array(classes);
    for (let r = 0; r < rows; r++) {
      const only = loadFactors(columns, r, factors);
      const loss = only === NONE ? 0 : rowLoss(prediction, r * classes, factors, only, isSlope ? out : null);
      if (!isSlope) out[r] = loss;
      if (only >= 0) factors[only] = 0;
    }
  };
  return {
    evaluate: (columns, out) => walk(columns, out, false),
    differentiate: (columns, out) => walk(columns, out, true),
  };
}
