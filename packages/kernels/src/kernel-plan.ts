import type { Loss } from "@lossflow/core";

/** What the machine needs to know of a loss. */
export interface KernelPlan {
  /** The number by which assembly/ knows the kernel. */
  readonly kind: number;
  /** The numbers that the kernels read by `parameter(i)`: each file of assembly/ names its own. */
  readonly parameters: readonly number[];
  /** The number of classes that the parameters are for; absent where any will do. */
  readonly classes?: number;
}

/** Finds the kernel of a loss; null where there is none for it or for one of its parameters. */
export function kernelPlan(loss: Pick<Loss, "id" | "params">): KernelPlan | null {
  const { id, params }: Loss = Object(loss);
  switch (id) {
    case "mse":
      return plan(MSE);
    case "mae":
      return plan(MAE);
    case "huber":
      return distance(HUBER, params["delta"] as number);
    case "smooth_l1":
      return smoothL1(params["beta"] as number);
    case "bce_logits":
      return binaryLogits(params["label_smoothing"] as number, params["pos_weight"]);
    case "balanced_bce_logits":
      return balanced(WEIGHED_BCE_LOGITS, params["beta"]);
    case "focal_logits":
      return focal(FOCAL_LOGITS, params);
    case "bce":
      return binaryProbabilities(params);
    case "balanced_bce":
      return balanced(BCE, params["beta"]);
    case "focal":
      return isPlain(params) ? focal(FOCAL, params) : null;
    case "scce_logits":
      return labelled(SCCE_LOGITS, SMOOTHED_SCCE_LOGITS, params);
    case "focal_softmax":
      return softmaxFocal(params);
    case "scce":
      return isPlain(params) ? labelled(SCCE, SMOOTHED_SCCE, params) : null;
    case "cce_logits":
      return smoothed(CCE_LOGITS, params);
    case "cce":
      return isPlain(params) ? smoothed(CCE, params) : null;
    default:
      return null;
  }
}

/** Finds the kernel of a loss's gradient; null where there is none. */
export function gradientPlan(loss: Pick<Loss, "id" | "params">): KernelPlan | null {
  const found = kernelPlan(loss);
  if (found === null) return null;
  const { id, params } = loss;
  if (id === "balanced_bce") return { ...found, kind: BALANCED_BCE };
  if (id !== "bce") return found;
  const least = params["convention"] === "torch" ? (params["grad_eps"] as number) : 0;
  // A torch gradient divided by 0 is for core.
  if (params["convention"] === "torch" && least === 0) return null;
  return { ...found, parameters: [...found.parameters, least, params["label_smoothing"] as number] };
}

const MSE = 0;
const MAE = 1;
const HUBER = 2;
const SMOOTH_L1 = 3;
const BCE_LOGITS = 4;
const WEIGHED_BCE_LOGITS = 5;
const FOCAL_LOGITS = 6;
const BCE = 7;
const FOCAL = 8;
const SCCE_LOGITS = 9;
const FOCAL_SOFTMAX = 10;
const SCCE = 11;
const CCE_LOGITS = 12;
const CCE = 13;
const BALANCED_BCE = 14;
const SMOOTHED_SCCE_LOGITS = 15;
const SMOOTHED_SCCE = 16;

interface Parameters {
  readonly smoothing?: number;
  readonly gain?: number;
  readonly loss?: number;
  readonly low?: number;
  readonly floor?: number;
  readonly alpha?: number;
  readonly gamma?: number;
  readonly ignored?: number | null;
}

function plan(kind: number, given: Parameters = {}): KernelPlan {
  const { smoothing = 0, gain = 1, loss = 1, low = 0, floor = -Infinity, alpha = -1, gamma = 0 } = given;
  const ignored = given.ignored ?? Number.NaN;
  return {
    kind,
    parameters: [1 - smoothing, smoothing / 2, gain, loss, low, 1 - low, floor, alpha, 2 * gamma, ignored],
  };
}

function distance(kind: number, parameter: number): KernelPlan {
  return { kind, parameters: [parameter] };
}

/** beta 0 is the absolute error, beta 1 Huber's loss: the same figures, without a division. */
function smoothL1(beta: number): KernelPlan {
  if (beta === 0) return plan(MAE);
  return distance(beta === 1 ? HUBER : SMOOTH_L1, beta);
}

function binaryLogits(smoothing: number, posWeight: unknown): KernelPlan | null {
  if (posWeight !== null && typeof posWeight !== "number") return null;
  const gain = posWeight ?? 1;
  return plan(smoothing === 0 && gain === 1 ? BCE_LOGITS : WEIGHED_BCE_LOGITS, { smoothing, gain });
}

function binaryProbabilities(params: Loss["params"]): KernelPlan {
  return plan(BCE, {
    smoothing: params["label_smoothing"] as number,
    low: params["convention"] === "keras" ? (params["eps"] as number) : 0,
    floor: params["convention"] === "torch" ? (params["clamp_log"] as number) : -Infinity,
  });
}

/**
 * The weight of a label is its row's: the caller's in sums, outside the kernel in gradients. Smoothing mixes the weights of all
 * classes into the loss, which depends on the whole where one weighs 0.
 */
function labelled(kind: number, smoothedKind: number, params: Loss["params"]): KernelPlan | null {
  const weights = params["class_weight"] as readonly number[] | null;
  const ignored = params["ignore_index"] as number | null;
  if (params["label_smoothing"] === 0) {
    const found = plan(kind, { ignored });
    return weights === null ? found : { ...found, classes: weights.length };
  }
  return weights?.includes(0) ? null : smoothed(smoothedKind, params, ignored);
}

/** Targets t (1 - e) + e / C: C is known where the rows are. */
function smoothed(kind: number, params: Loss["params"], ignored: number | null = null): KernelPlan | null {
  const smoothing = params["label_smoothing"] as number;
  const { parameters } = plan(kind, { ignored });
  return withClassFactors(
    { kind, parameters: [1 - smoothing, smoothing, ...parameters.slice(2)] },
    params["class_weight"] as readonly number[] | null,
  );
}

/** Puts the factors of the classes where assembly/workspace.ts finds them; null where there are too many. */
function withClassFactors(found: KernelPlan, factors: readonly number[] | null): KernelPlan | null {
  if (factors === null) return { ...found, parameters: padded(found.parameters) };
  if (factors.length > MOST_FACTORS) return null;
  return {
    ...found,
    classes: factors.length,
    parameters: [...padded(found.parameters, factors.length), ...factors],
  };
}

const MOST_FACTORS = 496;

function padded(parameters: readonly number[], factors = 0): readonly number[] {
  return [...parameters, ...Array.from({ length: 12 - parameters.length }, () => 0), factors, 0, 0, 0];
}

/** Whether probabilities are taken as they are. */
function isPlain(params: Loss["params"]): boolean {
  return params["convention"] === "exact" || params["convention"] === "torch";
}

/** A beta taken from the whole data is not for one element at a time. */
function balanced(kind: number, beta: unknown): KernelPlan | null {
  return typeof beta === "number" ? plan(kind, { gain: beta, loss: 1 - beta }) : null;
}

function focal(kind: number, params: Loss["params"]): KernelPlan | null {
  const gamma = params["gamma"] as number;
  return params["label_smoothing"] === 0 && isShortPower(gamma)
    ? plan(kind, { gamma, alpha: params["alpha"] as number })
    : null;
}

function softmaxFocal(params: Loss["params"]): KernelPlan | null {
  const gamma = params["gamma"] as number;
  const alpha = params["alpha"];
  if (!isShortPower(gamma)) return null;
  return withClassFactors(
    plan(FOCAL_SOFTMAX, { gamma, alpha: typeof alpha === "number" ? alpha : 1 }),
    typeof alpha === "number" ? null : (alpha as readonly number[] | null),
  );
}

/** Powers that square roots and a few products give to the last digits: 0, 0.5, 1, ... 3. */
function isShortPower(gamma: number): boolean {
  return gamma <= 3 && Number.isInteger(2 * gamma);
}
