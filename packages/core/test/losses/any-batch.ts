import * as fc from "fast-check";
import type { BatchOptions, LossInfo } from "@lossflow/core";

export const CLASSES = 3;

/** One batch of any loss: `rows` rows of three columns, flat, inside the loss's domain. */
export interface SampleBatch {
  readonly prediction: Float64Array;
  readonly target: Float64Array;
  readonly options: BatchOptions;
  readonly rows: number;
  readonly classes: number;
}

type Params = Readonly<Record<string, unknown>>;

/** Settings of one parameter each that differ from its default, and some together. */
export function variantsOf(info: LossInfo): readonly Params[] {
  const single = info.parameters.flatMap(({ name, kind, choices, default: value }): Params[] => {
    if (kind === "choice") return (choices ?? []).map((choice) => ({ [name]: choice }));
    if (kind === "boolean") return [{ [name]: value !== true }];
    return (SETTINGS[`${info.id}.${name}`] ?? SETTINGS[name] ?? []).map((setting) => ({ [name]: setting }));
  });
  const together = TOGETHER.filter((params) =>
    Object.keys(params).every((name) => info.parameters.some((parameter) => parameter.name === name)),
  );
  return [{}, ...single, ...together];
}

const SETTINGS: Readonly<Record<string, readonly unknown[]>> = {
  label_smoothing: [0.1, 1],
  eps: [1e-3],
  clamp_log: [-1],
  grad_eps: [1e-3],
  pos_weight: [3, [0.5, 2, 0]],
  beta: [0.875, 0],
  gamma: [0, 0.5, 3.5],
  alpha: [0.25],
  class_weight: [[0.5, 2, 1.25]],
  ignore_index: [-100, 1],
  delta: [0.1, 10],
  tau: [0.9, 0],
  smooth_num: [0],
  smooth_den: [0],
  "focal_softmax.alpha": [0.25, [0.5, 2, 0]],
  "categorical_focal_keras.alpha": [1, [0.5, 2, 0]],
};

const TOGETHER: readonly Params[] = [
  { label_smoothing: 0.1, class_weight: [0.5, 2, 1.25] },
  { label_smoothing: 0.1, class_weight: [0.5, 2, 1.25], ignore_index: 0 },
  { ignore_index: 2, class_weight: [0.5, 2, 1.25] },
  { alpha: 0.25, gamma: 1 },
  { convention: "keras", label_smoothing: 0.1 },
];

/** Batches that `info` takes under `params`. */
export function anyBatch(
  info: LossInfo,
  params: Params,
  maxRows = 4,
  minRows = 1,
): fc.Arbitrary<SampleBatch> {
  const isRow = info.unit === "row";
  return fc.integer({ min: minRows, max: maxRows }).chain((rows) => {
    const elements = rows * CLASSES;
    return fc
      .record({
        prediction: floats(predictionOf(info, params), elements),
        target: targetOf(info, params, rows),
        variance: floats(between(0.1, 4), elements),
      })
      .map(({ prediction, target, variance }) => ({
        prediction,
        target,
        options: { shape: [rows, CLASSES], ...(info.id === "gaussian_nll" ? { variance } : {}) },
        rows: isRow ? rows : elements,
        classes: isRow ? CLASSES : 1,
      }));
  });
}

function predictionOf({ id }: LossInfo, params: Params): fc.Arbitrary<number> {
  if (id === "poisson_nll" && params["log_input"] === false) return between(0.1, 8);
  if (id === "kl_div" || id === "generalized_kl") return between(-4, -0.1);
  if (id === "msle") return between(0.2, 8);
  const takesProbabilities =
    ["bce", "balanced_bce", "focal", "cce", "scce", "dice", "tversky", "log_loss_eps"].includes(id) ||
    (id === "categorical_focal_keras" && params["from_logits"] !== true);
  return takesProbabilities ? between(0.02, 0.98) : between(-4, 4);
}

function targetOf({ id, target }: LossInfo, params: Params, rows: number): fc.Arbitrary<Float64Array> {
  const elements = rows * CLASSES;
  if (target === "label") {
    const ignored = typeof params["ignore_index"] === "number" ? [params["ignore_index"]] : [];
    return floats(fc.constantFrom(0, 1, 2, ...ignored), rows);
  }
  if (target === "distribution")
    return fc.array(anyDistribution, { minLength: rows, maxLength: rows }).map(joined);
  if (target === "sign") {
    const lows = { "01": [0], auto: [0, -1] }[String(params["labels"])] ?? [-1];
    return fc.constantFrom(...lows).chain((low) => floats(fc.constantFrom(low, 1), elements));
  }
  if (id === "kl_div" && params["log_target"] === true) return floats(between(-4, -0.1), elements);
  if (target === "probability") return floats(fc.oneof(fc.constantFrom(0, 1), between(0.02, 0.98)), elements);
  if (id === "poisson_nll") return floats(fc.integer({ min: 0, max: 9 }), elements);
  if (id === "mape" || id === "msle" || id === "generalized_kl") return floats(between(0.2, 4), elements);
  return floats(between(-4, 4), elements);
}

const anyDistribution: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constantFrom([1, 0, 0], [0, 1, 0], [0, 0, 1]),
  fc.tuple(between(0.05, 1), between(0.05, 1), between(0.05, 1)).map((parts) => {
    const sum = parts[0] + parts[1] + parts[2];
    return parts.map((part) => part / sum);
  }),
);

/** Evenly spread numbers: those of fc.double crowd around 0, where few losses have a story to tell. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 2 ** 30 }).map((k) => min + ((max - min) * k) / 2 ** 30);
}

export function floats(of: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float64Array> {
  return fc.array(of, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
}

function joined(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat());
}
