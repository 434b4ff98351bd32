import { checkNames } from "../input/check-names.ts";
import type { Numbers } from "../loss.ts";
import { addNonFinite, checkPolicy } from "./add-non-finite.ts";
import { checkCount } from "../sum/check-count.ts";
import { checkLength, checkRow, checkState } from "./check-row.ts";
import { addCounts } from "./count.ts";
import { keptNumbers } from "./kept-numbers.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/** Options of {@link addParts}. */
export interface AddPartsOptions {
  /** One a row; 1 where not given. */
  readonly weights?: Numbers;
  /** The row of the first in the whole stream, for refusals. */
  readonly firstRow?: number;
}

/**
 * Adds the parts of rows of a loss that depends on the whole: `parts[k][i]`, times the weight where part k is weighted.
 * A row with parts that are not finite counts as what they add up to (NaN or an infinity) and adds nothing.
 * @throws LF_NON_FINITE under the policy `throw`, LF_WEIGHT_OUT_OF_RANGE, LF_LENGTH_MISMATCH as addArray does. The state
 *   stays as it was.
 */
export function addParts(
  state: RunningLossState,
  parts: readonly Numbers[],
  rows: number,
  options?: AddPartsOptions | null,
): void {
  checkState(state, (parts as unknown as Numbers | undefined) ?? null);
  options ??= {};
  checkNames("addParts", options, ["weights", "firstRow"]);
  const weights = options.weights ?? null;
  const firstRow = options.firstRow ?? Infinity;
  rows = Number(checkCount(rows));
  checkLength("weights", weights, rows);
  checkLength("parts", parts, state.parts.length);
  // More are left alone: room that is kept for the next rows.
  for (const part of parts) if (!(part?.length >= rows)) checkLength("losses of a part", part ?? [], rows);
  const others: [weight: number, term: number][] = [];
  let ignored = 0;
  let zeros = 0;
  let dropped: Uint8Array | null = null;
  for (let i = 0; i < rows; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    checkRow(firstRow + i, weight);
    let term = 0;
    for (const part of parts) if (!Number.isFinite(part[i])) term += part[i]!;
    if (weight === 0 && state.zeroWeight === "ignore") ignored++;
    else if (term !== 0) {
      checkPolicy(state.nanPolicy, term, firstRow + i);
      others.push([weight, term]);
    } else {
      if (weight === 0) zeros++;
      continue;
    }
    dropped ??= new Uint8Array(rows);
    dropped[i] = 1;
  }

  const finite = rows - ignored - others.length;
  state.ignored = addCounts(state.ignored, ignored);
  state.zeroWeights = addCounts(state.zeroWeights, zeros);
  state.finite = addCounts(state.finite, finite);
  // Under the policy that refuses them, and names their rows, there are none.
  for (const [weight, term] of others) addNonFinite(state, term, weight, 0);

  const keep = (values: Numbers): Numbers => (dropped ? keptNumbers(values, 0, dropped) : values);
  const keptWeights = weights && keep(weights);
  if (keptWeights) state.weightSum.addArray(keptWeights, 0, finite);
  else state.weightSum.addRepeated(1, finite);
  state.parts.forEach(({ sum, weighted }, k) => {
    const values = keep(parts[k]!);
    if (weighted && keptWeights) sum.addProducts(values, keptWeights, 0, finite);
    else sum.addArray(values, 0, finite);
  });
}
