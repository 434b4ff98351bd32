/** Numbers to read: a typed array or a plain array. Never written, never kept. */
export type Numbers = ArrayLike<number>;

/** Numbers in rows: a flat array, or arrays of equal length in arrays, as deep as the data has axes. */
export type Tensor = Numbers | readonly Tensor[];

/** Values and gradients come back in the width of the prediction: float32 in, float32 out. */
export type FloatArray = Float32Array | Float64Array;

/** The id of a loss: the same in the registry, on the command line, in JSON and in the golden cases. */
export type LossId =
  | "bce"
  | "bce_logits"
  | "balanced_bce"
  | "balanced_bce_logits"
  | "focal"
  | "focal_logits"
  | "focal_softmax"
  | "cce"
  | "cce_logits"
  | "scce"
  | "scce_logits"
  | "mse"
  | "mae"
  | "huber"
  | "smooth_l1"
  | "log_cosh"
  | "quantile"
  | "mape"
  | "msle"
  | "hinge"
  | "squared_hinge"
  | "categorical_hinge"
  | "poisson_nll"
  | "gaussian_nll"
  | "kl_div"
  | "cosine"
  | "dice"
  | "tversky"
  | "log_loss_eps"
  | "categorical_focal_keras"
  | "generalized_kl";

/** What the unreduced losses become. Each mean names its denominator in docs/denominators.md. */
export type Reduction =
  | "none"
  | "mean"
  | "sum"
  | "batchmean"
  | "weighted_mean"
  | "sum_by_nonzero_weights"
  | "sum_over_batch_size"
  | "mean_with_sample_weight";

/** Whose arithmetic near the ends of [0, 1]: the mathematics itself, or a library's epsilons and clamps. */
export type Convention = "exact" | "torch" | "keras" | "keras_tf";

/**
 * What a target holds: a real number, a probability in [0, 1], an integer label, a distribution over the classes
 * (each entry in [0, 1]), a sign, or a vector of reals as long as the prediction's.
 */
export type TargetKind = "real" | "probability" | "label" | "distribution" | "sign" | "vector";

/** Columns of one batch, for the engine. Row losses read `classes` predictions a row, row after row. */
export interface LossColumns {
  /** `rows * classes` predictions. */
  readonly prediction: Numbers;
  /** `rows` targets for elementwise losses and labels, `rows * classes` for distributions and vectors. */
  readonly target: Numbers;
  /** `rows` variances; gaussian_nll alone reads them. */
  readonly variance?: Numbers;
  readonly rows: number;
  /** 1 for elementwise losses. */
  readonly classes: number;
  /** How many elements make a row of the table they come from: refusals name row and column by it. Default 1. */
  readonly width?: number;
}

/**
 * A loss whose figure depends on the whole data (class balance, overlap): per element it gives several parts,
 * whose exact sums a running state keeps and from which `value` forms the figure when it is read.
 */
export interface WholeLoss {
  /** A weighted part is summed as w * part, an unweighted one as it is. */
  readonly parts: readonly { readonly name: string; readonly weighted: boolean }[];
  /** Which part is the weight of the rows, labels bringing their own; without it rows weigh what they are given. */
  readonly weightPart?: number;
  /**
   * Writes each part of each element into `out[k][i]`; all parts of an element are NaN where one of its inputs is.
   * @throws LF_* as {@link Loss.unreduced} does.
   */
  evaluate(columns: LossColumns, out: readonly Float64Array[]): void;
  /**
   * Forms sum and mean from the parts' sums and what the mean divides by, the sum of the weights or a count; the mean of
   * nothing is NaN.
   */
  value(sums: readonly number[], divisor: number): { readonly sum: number; readonly mean: number };
}

/** Flags, flat or in rows as the losses are. */
export type Mask = ArrayLike<number | boolean> | readonly Mask[];

/** What may come with a batch besides predictions and targets; what comes in rows has the axes of the losses. */
export interface BatchOptions {
  /**
   * The axes of a flat prediction, slowest first, as [rows, classes]. Of elementwise losses arrays in arrays bring their
   * own, whatever this says beyond its size.
   */
  readonly shape?: readonly number[];
  /** Where row losses find the classes: the last axis (default), or "first" after the batch: N x C x d1 x ... */
  readonly classAxis?: "last" | "first";
  /** One factor >= 0 an element, or a row for row losses. At 0 the loss is not looked at: it counts as 0 (but in Keras's `dice` and `tversky`). */
  readonly weight?: Tensor;
  /**
   * One factor >= 0 a sample. Elementwise losses become one value a sample, the mean over the last axis, times this
   * factor (Keras).
   */
  readonly sampleWeight?: Tensor;
  /** One flag a value: where it is 0 or false, the value is left out of every sum, count and denominator (but in Keras's `dice` and `tversky`). */
  readonly mask?: Mask;
  /** One variance >= 0 an element; gaussian_nll alone reads it. */
  readonly variance?: Tensor;
  /** Takes the result instead of a new array, which is rounded to its width; it is returned. */
  readonly out?: FloatArray;
}

/** An array of unreduced losses for "none", else one number. */
export type LossValue<R extends Reduction> = R extends "none" ? FloatArray : number;

/** A configured loss: pure, without state, safe to share between threads by its `id` and `params`. */
export interface Loss<R extends Reduction = Reduction> {
  readonly id: LossId;
  /**
   * Every parameter but the reduction, resolved, in snake_case, JSON-safe: `lossFromSpec({ loss: id, params })` gives
   * this loss again.
   */
  readonly params: Readonly<Record<string, unknown>>;
  readonly reduction: R;
  /** What one loss belongs to: an element, or a row of `classes` predictions. */
  readonly unit: "element" | "row";
  readonly target: TargetKind;
  readonly readsVariance: boolean;
  /** Whether the figure is a sum or mean of independent losses; false where it depends on the whole. */
  readonly decomposable: boolean;
  /** Present where `decomposable` is false. */
  readonly whole?: WholeLoss;

  /**
   * Computes the reduced loss of a batch, in doubles, rounded once to the width of the prediction; sums are exact.
   *
   * Empty or all left out: sums are 0, means NaN. A NaN or infinite loss gives what IEEE addition gives. An array that is
   * returned is the caller's: a new one, or `out`.
   * @throws LF_SHAPE, LF_CLASS_COUNT, LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE, LF_WEIGHT_OUT_OF_RANGE, ...
   *   with `row` and `column`.
   */
  value(prediction: Tensor, target: Tensor, options?: BatchOptions | null): LossValue<R>;
  /**
   * Computes the gradient of {@link Loss.value} (for "none", of the sum of the values) by the prediction, flat, in the
   * prediction's order. Ignored, masked and weightless elements get 0.
   * @throws as {@link Loss.value}.
   */
  gradient(prediction: Tensor, target: Tensor, options?: BatchOptions | null): FloatArray;

  /**
   * Writes the unweighted loss of each unit (element or row) into `out[0 .. rows)`; what the engine calls. Columns are taken as
   * they are: their lengths are not looked at. `out` must be memory of its own, as it may be written before they are read.
   * NaN in an input gives NaN in its loss.
   * @throws LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE, ... with `row` (0-based in these columns);
   *   LF_NOT_DECOMPOSABLE where `whole` must be used.
   */
  unreduced(columns: LossColumns, out: Float64Array): void;
  /** The weight a label brings along (class weights; 0 for `ignore_index`); absent where labels have none. */
  labelWeight?(label: number): number;
}
