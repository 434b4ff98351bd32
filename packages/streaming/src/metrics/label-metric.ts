import { LossflowError, type LossColumns } from "@lossflow/core";
import { wholeOf, type Metric } from "./metric.ts";

/** Whether a label is among the highest `k` of a row of class scores; of equal scores the first class is the highest. */
export function topKAccuracy(id: string, k: number, ignoreIndex: number | null, named: object): Metric {
  const evaluate = (columns: LossColumns, out: readonly Float64Array[]): void => {
    for (let r = 0; r < columns.rows; r++) {
      const rank = rankOfLabel(columns, r, ignoreIndex);
      out[0]![r] = rank !== rank ? rank : rank < k ? 1 : 0;
    }
  };
  return {
    id,
    params: { ...named, ignore_index: ignoreIndex },
    unit: "row",
    target: "label",
    readsVariance: false,
    decomposable: false,
    ...labelWeight(ignoreIndex),
    whole: wholeOf(["hits"], evaluate, ([hits], weightSum) => hits! / weightSum),
    detail: ([hits]) => ({ counts: { hits: hits! } }),
  };
}

/** A metric of how often class t was taken for class c: `sums[t * classes + c]`, the class taken being that of the highest score. */
export function confusionMetric(
  id: string,
  classes: number,
  ignoreIndex: number | null,
  figure: (sums: readonly number[], classes: number) => number,
): Metric {
  const names = Array.from(
    { length: classes * classes },
    (_, i) => `${Math.floor(i / classes)} ${i % classes}`,
  );
  const evaluate = (columns: LossColumns, out: readonly Float64Array[]): void => {
    if (columns.rows > 0 && columns.classes !== classes) {
      throw new LossflowError(
        "LF_CLASS_COUNT_MISMATCH",
        `The predictions are of ${columns.classes} classes, and ${id} was told of ${classes}; give classes=${columns.classes}.`,
        { row: 0 },
      );
    }
    for (const part of out) part.fill(0, 0, columns.rows);
    for (let r = 0; r < columns.rows; r++) {
      const rank = rankOfLabel(columns, r, ignoreIndex);
      if (rank !== rank) for (const part of out) part[r] = Number.NaN;
      else out[columns.target[r]! * classes + highest(columns, r)]![r] = 1;
    }
  };
  return {
    id,
    params: { classes, ignore_index: ignoreIndex },
    unit: "row",
    target: "label",
    readsVariance: false,
    decomposable: false,
    ...labelWeight(ignoreIndex),
    whole: wholeOf(names, evaluate, (sums) => figure(sums, classes)),
    detail: (sums) => ({
      matrix: Array.from({ length: classes }, (_, t) => sums.slice(t * classes, (t + 1) * classes)),
    }),
  };
}

function labelWeight(ignoreIndex: number | null): Pick<Metric, "labelWeight"> {
  return ignoreIndex === null ? {} : { labelWeight: (label) => (label === ignoreIndex ? 0 : 1) };
}

/**
 * How many classes of a row come before its label; NaN where a score or the label is NaN.
 * @throws LF_LABEL_OUT_OF_RANGE
 */
function rankOfLabel(
  { prediction, target, classes }: LossColumns,
  row: number,
  ignoreIndex: number | null,
): number {
  const label = target[row]!;
  if (label !== label) return Number.NaN;
  if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
    const or = ignoreIndex === null ? "" : `, or ${ignoreIndex} to be ignored`;
    throw new LossflowError("LF_LABEL_OUT_OF_RANGE", `The label ${label} is no class of ${classes}.`, {
      row,
      expected: `a whole number from 0 to ${classes - 1}${or}`,
      got: String(label),
    });
  }
  const own = prediction[row * classes + label]!;
  let before = 0;
  for (let c = 0; c < classes; c++) {
    const score = prediction[row * classes + c]!;
    if (score !== score) return Number.NaN;
    if (score > own || (score === own && c < label)) before++;
  }
  return before;
}

function highest({ prediction, classes }: LossColumns, row: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if (prediction[row * classes + c]! > prediction[row * classes + best]!) best = c;
  }
  return best;
}
