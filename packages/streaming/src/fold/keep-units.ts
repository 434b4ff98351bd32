export const KEPT = 0;
export const MISSING = 1;
export const IGNORED = 2;
/** A unit of a row that is null as a whole: counted by rows, since how many units it has may not be known yet. */
export const NULL_ROW = 3;

/** What decides which units are kept. */
export interface UnitRows {
  readonly rows: number;
  readonly perRow: number;
  /** Rows that are null as a whole, and elements that are; null where none is. */
  readonly nullRows: Uint8Array | null;
  readonly elementNulls: Uint8Array | null;
  readonly weights: Float32Array | Float64Array | undefined;
  readonly labels: Float32Array | Float64Array;
  readonly labelWeight: ((label: number) => number) | undefined;
}

/**
 * Sorts units by all there is: null is missing, weight 0, of the row or of its label, ignored. `fate`, all KEPT before, tells of
 * each unit; of the kept ones `unitWeights` and `kept` take weight and number, one after the other.
 * @returns how many units are kept.
 */
export function sortByAll(
  { rows, perRow, nullRows, elementNulls, weights, labels, labelWeight }: UnitRows,
  fate: Uint8Array,
  unitWeights: Float64Array,
  kept: Float64Array,
): number {
  let count = 0;
  for (let r = 0, u = 0; r < rows; r++) {
    const isNull = nullRows?.[r] === 1;
    const weight = weights === undefined || isNull ? 1 : weights[r]!;
    for (let e = 0; e < perRow; e++, u++) {
      if (isNull) fate[u] = NULL_ROW;
      else if (elementNulls?.[u] === 1) fate[u] = MISSING;
      else {
        const all = labelWeight === undefined || weight === 0 ? weight : weight * labelWeight(labels[r]!);
        if (all === 0) fate[u] = IGNORED;
        else {
          unitWeights[count] = all;
          kept[count++] = u;
        }
      }
    }
  }
  return count;
}

/** {@link sortByAll} where weights alone decide, without a branch that masks would defeat. @returns how many units are kept. */
export function sortByWeight(
  weights: Float32Array | Float64Array,
  fate: Uint8Array,
  unitWeights: Float64Array,
  kept: Float64Array,
): number {
  let count = 0;
  for (let u = 0; u < fate.length; u++) {
    const weight = weights[u]!;
    unitWeights[count] = weight;
    kept[count] = u;
    fate[u] = weight === 0 ? IGNORED : KEPT;
    count += Number(weight !== 0);
  }
  return count;
}

/** Puts the values of kept units one after the other, without a branch. */
export function closeUp(
  values: Float32Array | Float64Array,
  fate: Uint8Array,
  out: Float64Array,
): Float64Array {
  let at = 0;
  for (let u = 0; u < fate.length; u++) {
    out[at] = values[u]!;
    at += Number(fate[u] === KEPT);
  }
  return out;
}

/** Puts the values of kept units, `width` each, one after the other. */
export function gatherRows(
  values: Float32Array | Float64Array,
  kept: Float64Array,
  count: number,
  width: number,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < count; i++) {
    const from = kept[i]! * width;
    for (let j = 0; j < width; j++) out[i * width + j] = values[from + j]!;
  }
  return out;
}
