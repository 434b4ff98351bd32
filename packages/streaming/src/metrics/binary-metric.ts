import { LossflowError, type LossColumns } from "@lossflow/core";
import { wholeOf, type Metric } from "./metric.ts";

/** Sums of weights: of positives and negatives found and not found. */
export interface BinaryCounts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

const NAMES = ["tp", "fp", "fn", "tn"];

/**
 * Makes a metric of targets that are 0 or 1, and predictions that say 1 where they are above `threshold`, as Keras and
 * TorchMetrics have it: 0.5 of probabilities, 0 of logits.
 * @throws on use LF_LABEL_OUT_OF_RANGE for a target that is neither.
 */
export function binaryMetric(
  id: string,
  params: { readonly threshold: number } & Readonly<Record<string, number>>,
  figure: (counts: BinaryCounts) => number,
): Metric {
  const evaluate = (columns: LossColumns, out: readonly Float64Array[]): void =>
    countHits(columns, params.threshold, out);
  return {
    id,
    params,
    unit: "element",
    target: "probability",
    readsVariance: false,
    decomposable: false,
    whole: wholeOf(NAMES, evaluate, (sums) => figure(countsOf(sums))),
    detail: (sums) => ({ counts: { ...countsOf(sums) } }),
  };
}

function countsOf([tp, fp, fn, tn]: readonly number[]): BinaryCounts {
  return { tp: tp!, fp: fp!, fn: fn!, tn: tn! };
}

function countHits(
  { prediction, target, rows }: LossColumns,
  threshold: number,
  out: readonly Float64Array[],
): void {
  for (let i = 0; i < rows; i++) {
    const p = prediction[i]!;
    const t = target[i]!;
    if (t !== 0 && t !== 1 && t === t) {
      throw new LossflowError("LF_LABEL_OUT_OF_RANGE", `The target ${t} is neither 0 nor 1.`, {
        row: i,
        expected: "0 or 1",
        got: String(t),
      });
    }
    const hit = p > threshold ? (t === 1 ? 0 : 1) : t === 1 ? 2 : 3;
    const isNaN = p !== p || t !== t;
    for (let k = 0; k < 4; k++) out[k]![i] = isNaN ? Number.NaN : k === hit ? 1 : 0;
  }
}
