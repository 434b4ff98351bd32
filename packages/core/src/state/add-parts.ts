import type { Numbers } from "../loss.ts";
import { addCounts } from "./count.ts";
import { addNonFinite } from "./add-non-finite.ts";
import { checkLength, checkWeight } from "./check-row.ts";
import type { RunningLossState } from "./running-loss-state.ts";

export interface AddPartsOptions {
  /** One a row; 1 where not given. */
  readonly weights?: Numbers;
  /** The row of the first in the whole stream, for refusals. */
  readonly firstRow?: number;
}

/**
 * Adds the parts of rows of a loss that depends on the whole: `parts[k][i]`, times the weight where part k is weighted.
 * A row counts as NaN where a part is NaN, else as an infinity where one is infinite, and then adds nothing.
 * @throws LF_NON_FINITE under the policy `throw`, LF_WEIGHT_OUT_OF_RANGE, LF_LENGTH_MISMATCH as {@link addArray} does; what stands before
 *   the row has then been added.
 */
export function addParts(
  state: RunningLossState,
  parts: readonly Numbers[],
  rows: number,
  options: AddPartsOptions = {},
): void {
  const { weights, firstRow = Infinity } = options;
  checkLength("weights", weights, rows);
  checkLength("parts", parts, state.parts.length);
  for (let i = 0; i < rows; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    checkWeight(weight, firstRow + i);
    if (weight === 0 && state.zeroWeight === "ignore") {
      state.ignored = addCounts(state.ignored, 1);
      continue;
    }
    let term = 0;
    for (const part of parts) {
      const x = part[i]!;
      if (!Number.isFinite(x) && !Number.isNaN(term)) term = Number.isNaN(x) ? x : term + x;
    }
    if (term !== 0) {
      addNonFinite(state, term, weight, firstRow + i);
      continue;
    }
    if (weight === 0) state.zeroWeights = addCounts(state.zeroWeights, 1);
    state.finite = addCounts(state.finite, 1);
    state.weightSum.add(weight);
    for (let k = 0; k < parts.length; k++) {
      const { sum, weighted } = state.parts[k]!;
      if (weighted && weight !== 1) sum.addProduct(parts[k]![i]!, weight);
      else sum.add(parts[k]![i]!);
    }
  }
}
