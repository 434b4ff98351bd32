import type { Numbers } from "../loss.ts";

/**
 * The loss of the row of predictions that begins at `at`: the sum over its classes of factors[c] * (-ln p_c); a factor
 * 0 leaves nothing even of an infinite loss. Writes its derivative by each prediction into `out`, where given.
 */
export type RowLoss = (x: Numbers, at: number, factors: Float64Array, out?: Float64Array) => number;
