import { LossflowError } from "../error.ts";
import type { BatchOptions, LossColumns, Numbers, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import type { ExactSum } from "../sum/exact-sum.ts";
import { classesLast } from "./classes-last.ts";
import { flatTensor } from "./flat-tensor.ts";
import { weightsFromOptions } from "./weights-from-options.ts";

/** One batch as the kernels read it, and what a reduction needs to know of it. */
export interface Batch {
  readonly columns: LossColumns;
  /** The factor of each unit, 0 where it is left out; null where all are 1. */
  readonly weight: Float64Array | null;
  /** The denominator of the reduction, exact. */
  readonly divisor: ExactSum;
  /** How many units make one value: the last axis where there is one value a sample, else 1. */
  readonly group: number;
  /** The sizes before and behind the class axis, where it is not the last. */
  readonly outer: number;
  readonly inner: number;
}

/**
 * Checks shapes and weights, and lays a batch out in columns; units of weight 0 become NaN, so that no check stops at
 * what is not looked at.
 * @throws LF_SHAPE, LF_LENGTH_MISMATCH, LF_CLASS_COUNT_MISMATCH, LF_WEIGHT_OUT_OF_RANGE, LF_NOT_A_NUMBER.
 */
export function batchFromTensors(
  kernel: Kernel,
  prediction: Tensor,
  target: Tensor,
  options: BatchOptions,
  reduction: Reduction,
  perSample: boolean,
): Batch {
  const p = flatTensor(prediction, "prediction");
  const t = flatTensor(target, "target");
  const isRow = kernel.unit === "row";
  const shape =
    options.shape ?? (isRow && p.shape.length < 2 ? shapeFromLabels(kernel, p.values, t.values) : p.shape);
  const axis = options.classAxis === "first" ? 1 : shape.length - 1;
  if (shape.reduce((size, n) => size * n, 1) !== p.values.length || (isRow && axis < 1)) {
    const expected = isRow ? "[rows, classes]" : "its axes";
    throw new LossflowError(
      "LF_SHAPE",
      `${p.values.length} predictions do not fill the shape [${shape.join(", ")}]: give ${expected} as shape.`,
    );
  }
  const classes = isRow ? shape[axis]! : 1;
  const inner = isRow ? shape.slice(axis + 1).reduce((size, n) => size * n, 1) : 1;
  const rows = isRow ? (p.values.length === 0 ? 0 : p.values.length / classes) : p.values.length;
  const perClass = isRow && kernel.target !== "label";
  if (perClass && t.shape.length > 1 && p.values.length > 0 && t.shape[axis] !== classes) {
    throw new LossflowError(
      "LF_CLASS_COUNT_MISMATCH",
      `Predictions have ${classes} classes, targets ${t.shape[axis]}: both need the same.`,
    );
  }
  sameLength("targets", t.values.length, perClass ? p.values.length : rows);
  if (!isRow && p.shape.length > 1 && t.shape.length > 1 && String(p.shape) !== String(t.shape)) {
    throw new LossflowError(
      "LF_LENGTH_MISMATCH",
      `Predictions of shape [${p.shape.join(", ")}] and targets of [${t.shape.join(", ")}] do not go together: nothing is broadcast.`,
    );
  }

  const outer = shape[0] ?? 0;
  const turn = (values: Numbers): Numbers =>
    inner > 1 ? classesLast(values, outer, classes, inner) : values;
  const last = shape.at(-1) ?? 1;
  const weights = weightsFromOptions(
    kernel,
    t.values,
    rows,
    { outer, last: shape.length > 1 ? last : 1 },
    options,
    reduction,
    perSample,
  );
  const { weight } = weights;
  const blank = weight !== null && weight.includes(0);
  const view = (values: Numbers, each: number): Numbers => (blank ? blanked(values, each, weight) : values);
  const variance = kernel.readsVariance === true ? varianceFrom(options, rows) : undefined;
  const columns: LossColumns = {
    prediction: view(turn(p.values), classes),
    target: view(perClass ? turn(t.values) : t.values, perClass ? classes : 1),
    rows,
    classes,
    width: isRow ? classes : shape.length > 1 ? last : 1,
    ...(variance === undefined ? {} : { variance: view(variance, 1) }),
  };
  return { columns, ...weights, outer, inner };
}

/** Flat predictions with one label a row tell the number of classes; nothing else does. */
function shapeFromLabels(kernel: Kernel, predictions: Numbers, targets: Numbers): readonly number[] {
  if (predictions.length === 0 && targets.length === 0) return [0, 0];
  const classes = predictions.length / targets.length;
  if (kernel.target === "label" && Number.isInteger(classes)) return [targets.length, classes];
  throw new LossflowError(
    "LF_SHAPE",
    `How many classes a row of ${predictions.length} flat predictions has is not told: give shape: [rows, classes].`,
  );
}

function varianceFrom({ variance }: BatchOptions, rows: number): Numbers {
  if (variance === undefined) {
    throw new LossflowError(
      "LF_VARIANCE_MISSING",
      "This loss reads a variance for each element: give it as the option variance.",
    );
  }
  const { values } = flatTensor(variance, "variance");
  sameLength("variances", values.length, rows);
  return values;
}

function blanked(values: Numbers, each: number, weight: Float64Array): Float64Array {
  const out = Float64Array.from(values);
  for (let u = 0; u < weight.length; u++) if (weight[u] === 0) out.fill(Number.NaN, u * each, (u + 1) * each);
  return out;
}

/** @throws LF_LENGTH_MISMATCH */
export function sameLength(what: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new LossflowError("LF_LENGTH_MISMATCH", `There are ${length} ${what} where ${expected} are needed.`, {
    expected: String(expected),
    got: String(length),
  });
}
