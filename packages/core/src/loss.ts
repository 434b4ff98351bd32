/** Numbers to read: a typed array or a plain array. Never written, never kept. */
export type Numbers = ArrayLike<number>;

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
  | "smooth_l1";

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

/** What a target holds: a real number, a probability in [0, 1], an integer label, a distribution over the classes, or a sign. */
export type TargetKind = "real" | "probability" | "label" | "distribution" | "sign";

/** Columns of one batch, for the engine. Row losses read `classes` predictions a row, row after row. */
export interface LossColumns {
  /** `rows * classes` predictions. */
  readonly prediction: Numbers;
  /** `rows` targets for elementwise losses and labels, `rows * classes` for distributions. */
  readonly target: Numbers;
  /** `rows` variances; gaussian_nll alone reads them. */
  readonly variance?: Numbers;
  readonly rows: number;
  /** 1 for elementwise losses. */
  readonly classes: number;
}

/**
 * A loss whose figure depends on the whole data (class balance, overlap): per element it gives several parts,
 * whose exact sums a running state keeps and from which `value` forms the figure when it is read.
 */
export interface WholeLoss {
  /** A weighted part is summed as w * part, an unweighted one as it is. */
  readonly parts: readonly { readonly name: string; readonly weighted: boolean }[];
  /**
   * Writes each part of each element into `out[k][i]`.
   * @throws LF_* as {@link Loss.unreduced} does.
   */
  evaluate(columns: LossColumns, out: readonly Float64Array[]): void;
  /** Forms sum and mean from the parts' sums and the sum of the weights; the mean of nothing is NaN. */
  value(sums: readonly number[], weightSum: number): { readonly sum: number; readonly mean: number };
}

/** A configured loss: pure, without state, safe to share between threads by its `id` and `params`. */
export interface Loss<R extends Reduction = Reduction> {
  readonly id: LossId;
  /** Every parameter, resolved, in snake_case, JSON-safe: `lossFromSpec({ loss: id, params })` gives this loss again. */
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
   * Writes the unweighted loss of each unit (element or row) into `out[0 .. rows)`; what the engine calls.
   * NaN in an input gives NaN in its loss.
   * @throws LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE, ... with `row` (0-based in these columns).
   */
  unreduced(columns: LossColumns, out: Float64Array): void;
  /** The weight a label brings along (class weights; 0 for `ignore_index`); absent where labels have none. */
  labelWeight?(label: number): number;
}
