import type { LossId } from "@lossflow/core";
import { peer } from "../contestants/peer.ts";
import type { PlainCase } from "./plain-case.ts";

interface Tensor {
  dataSync(): Float32Array;
}

type Op = (x: Tensor, other?: Tensor | number) => Tensor;

type Loss = (target: Tensor, prediction: Tensor, ...more: readonly unknown[]) => Tensor;

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor(values: Float32Array, shape?: readonly number[], type?: string): Tensor;
  oneHot(labels: Tensor, depth: number): Tensor;
  tidy<T>(run: () => T): T;
  readonly add: Op;
  readonly sub: Op;
  readonly mul: Op;
  readonly div: Op;
  readonly abs: Op;
  readonly exp: Op;
  readonly log: Op;
  readonly log1p: Op;
  readonly neg: Op;
  readonly relu: Op;
  readonly square: Op;
  readonly sigmoid: Op;
  readonly softplus: Op;
  readonly cosh: Op;
  readonly max: Op;
  readonly sum: Op;
  readonly maximum: Op;
  readonly logSoftmax: Op;
  readonly mean: Op;
  readonly expandDims: Op;
  readonly clipByValue: (x: Tensor, low: number, high: number) => Tensor;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly Reduction: { readonly NONE: number };
}

/** A pass over a case: its unreduced losses, or their mean. */
export interface TfjsPass {
  readonly isOwn: boolean;
  losses(): Float32Array;
  mean(): number;
}

/**
 * TensorFlow.js on its plain JavaScript backend: its own losses where it has them (`isOwn`), else the formula put
 * together from its operations. Tensors of the inputs are made beforehand; results are read back.
 * @returns null where it is not installed.
 */
export async function tfjsLosses(): Promise<((given: PlainCase) => TfjsPass) | null> {
  const module = await peer("@tensorflow/tfjs-core");
  if (module === null || (await peer("@tensorflow/tfjs-backend-cpu")) === null) return null;
  const tf = module as unknown as TensorFlow;
  await tf.setBackend("cpu");
  const formulas = formulasOver(tf);
  return (given) => {
    const { id, rows, classes } = given;
    // Its tensors are float32.
    const prediction = Float32Array.from(given.prediction);
    const target = Float32Array.from(given.target);
    const variance = given.variance && Float32Array.from(given.variance);
    const shape = classes === 1 ? [rows] : [rows, classes];
    const x = tf.tensor(prediction, shape);
    const t =
      given.loss.target === "label"
        ? tf.tidy(() => tf.mul(tf.oneHot(tf.tensor(target, [rows], "int32"), classes), 1))
        : tf.tensor(target, shape);
    const v = variance === undefined ? x : tf.tensor(variance, shape);
    const own = OWN[id];
    const forward =
      own === undefined
        ? (): Tensor => formulas[id]!(x, t, v)
        : (): Tensor =>
            own === "cosineDistance"
              ? tf.losses[own]!(t, x, 1, undefined, tf.Reduction.NONE)
              : tf.losses[own]!(t, x, undefined, ...(EXTRA[own] ?? []), tf.Reduction.NONE);
    return {
      isOwn: own !== undefined,
      losses: () => read(tf, forward),
      mean: () => read(tf, () => tf.mean(forward()))[0]!,
    };
  };
}

/** Reads a result; all tensors made on the way are given back. */
function read(tf: TensorFlow, run: () => Tensor): Float32Array {
  return tf.tidy(() => run().dataSync());
}

const OWN: Readonly<Partial<Record<LossId, string>>> = {
  mse: "meanSquaredError",
  mae: "absoluteDifference",
  huber: "huberLoss",
  hinge: "hingeLoss",
  log_loss_eps: "logLoss",
  bce_logits: "sigmoidCrossEntropy",
  cce_logits: "softmaxCrossEntropy",
  scce_logits: "softmaxCrossEntropy",
  cosine: "cosineDistance",
};

/** What stands between weights and reduction. */
const EXTRA: Readonly<Record<string, readonly unknown[]>> = {
  huberLoss: [1],
  logLoss: [1e-7],
  sigmoidCrossEntropy: [0],
  softmaxCrossEntropy: [0],
};

type Formula = (x: Tensor, t: Tensor, v: Tensor) => Tensor;

/** The losses that it does not have, of its operations. */
function formulasOver(tf: TensorFlow): Readonly<Partial<Record<LossId, Formula>>> {
  const { abs, add, clipByValue, cosh, div, exp, log, log1p, logSoftmax, max, maximum } = tf;
  const { mul, neg, relu, sigmoid, softplus, square, sub, sum } = tf;
  const not = (x: Tensor): Tensor => add(neg(x), 1);
  const both = (t: Tensor, yes: Tensor, no: Tensor): Tensor => add(mul(t, yes), mul(not(t), no));
  const bce: Formula = (p, t) => neg(both(t, log(p), log(not(p))));
  const entropy = (x: Tensor, t: Tensor): Tensor => add(sub(relu(x), mul(x, t)), log1p(exp(neg(abs(x)))));
  const rows = (p: Tensor, t: Tensor): Tensor => neg(sum(mul(log(p), t), -1));
  /** alpha_t (1 - p_t)^2 with alpha 0.25. */
  const focus = (p: Tensor, t: Tensor): Tensor =>
    mul(square(not(both(t, p, not(p)))), add(mul(t, 0.25), mul(not(t), 0.75)));
  /** 1 - (factor I + 1) / (a P + a T + 1), I = sum of p t: Dice, and Tversky with both factors 1/2. */
  const overlap = (p: Tensor, t: Tensor, factor: number, a: number): Tensor =>
    not(div(add(mul(sum(mul(p, t)), factor), 1), add(mul(add(sum(p), sum(t)), a), 1)));
  return {
    bce,
    balanced_bce: (p, t) => neg(both(t, mul(log(p), 0.75), mul(log(not(p)), 0.25))),
    balanced_bce_logits: (x, t) => both(t, mul(softplus(neg(x)), 0.75), mul(softplus(x), 0.25)),
    focal: (p, t, v) => mul(focus(p, t), bce(p, t, v)),
    focal_logits: (x, t) => mul(focus(sigmoid(x), t), entropy(x, t)),
    focal_softmax: (x, t) => {
      const logarithm = sum(mul(logSoftmax(x), t), -1);
      return neg(mul(square(not(exp(logarithm))), logarithm));
    },
    cce: rows,
    scce: rows,
    smooth_l1: (x, t) => {
      const d = abs(sub(x, t));
      const far = relu(sub(d, 1));
      return add(mul(square(sub(d, far)), 0.5), far);
    },
    log_cosh: (x, t) => log(cosh(sub(x, t))),
    quantile: (x, t) => {
      const d = mul(sub(t, x), 0.5);
      return maximum(d, neg(d));
    },
    mape: (x, t) => mul(div(abs(sub(x, t)), abs(t)), 100),
    msle: (x, t) => square(sub(log1p(x), log1p(t))),
    squared_hinge: (x, t) => square(relu(not(mul(t, x)))),
    categorical_hinge: (x, t) => relu(add(sub(max(mul(not(t), x), -1), sum(mul(t, x), -1)), 1)),
    poisson_nll: (x, t) => sub(exp(x), mul(t, x)),
    gaussian_nll: (x, t, v) => mul(add(log(v), div(square(sub(x, t)), v)), 0.5),
    kl_div: (x, t) => mul(t, sub(log(maximum(t, 1e-30)), x)),
    dice: (p, t) => overlap(p, t, 2, 1),
    tversky: (p, t) => overlap(p, t, 1, 0.5),
    categorical_focal_keras: (p, t) => {
      const q = clipByValue(div(p, tf.expandDims(sum(p, -1), -1)), 1e-7, 1 - 1e-7);
      return neg(sum(mul(mul(square(not(q)), t), mul(log(q), 0.25)), -1));
    },
    generalized_kl: (x, t) => sum(sub(add(mul(t, sub(log(t), x)), exp(x)), t), -1),
  };
}
