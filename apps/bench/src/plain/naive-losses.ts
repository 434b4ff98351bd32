import type { LossId } from "@lossflow/core";
import type { PlainCase } from "./plain-case.ts";

/** Writes the loss of each row as the formula reads, without a check and without a thought for its digits. */
export type NaiveLoss = (given: PlainCase, out: Float64Array) => void;

/** Writes hits, false alarms and misses of each element, from which dice and tversky are formed. */
export function naiveParts(
  { prediction, target, rows }: PlainCase,
  [hits, falseAlarms, misses]: readonly Float64Array[],
): void {
  for (let i = 0; i < rows; i++) {
    const p = prediction[i]!;
    const t = target[i]!;
    hits![i] = p * t;
    falseAlarms![i] = p * (1 - t);
    misses![i] = (1 - p) * t;
  }
}

/** What one writes who writes it down. Those of rows get the row's first index. */
export const NAIVE_LOSSES: Readonly<Record<Exclude<LossId, "dice" | "tversky">, NaiveLoss>> = {
  mse({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const d = prediction[i]! - target[i]!;
      out[i] = d * d;
    }
  },
  mae({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) out[i] = Math.abs(prediction[i]! - target[i]!);
  },
  huber({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const d = Math.abs(prediction[i]! - target[i]!);
      out[i] = d <= 1 ? 0.5 * d * d : d - 0.5;
    }
  },
  smooth_l1({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const d = Math.abs(prediction[i]! - target[i]!);
      out[i] = d < 1 ? 0.5 * d * d : d - 0.5;
    }
  },
  log_cosh({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) out[i] = Math.log(Math.cosh(prediction[i]! - target[i]!));
  },
  quantile({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const d = target[i]! - prediction[i]!;
      out[i] = Math.max(0.5 * d, -0.5 * d);
    }
  },
  mape({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++)
      out[i] = (100 * Math.abs(prediction[i]! - target[i]!)) / Math.abs(target[i]!);
  },
  msle({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const d = Math.log(1 + prediction[i]!) - Math.log(1 + target[i]!);
      out[i] = d * d;
    }
  },
  hinge({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) out[i] = Math.max(0, 1 - target[i]! * prediction[i]!);
  },
  squared_hinge({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const margin = Math.max(0, 1 - target[i]! * prediction[i]!);
      out[i] = margin * margin;
    }
  },
  poisson_nll({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) out[i] = Math.exp(prediction[i]!) - target[i]! * prediction[i]!;
  },
  gaussian_nll({ prediction, target, variance, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const d = prediction[i]! - target[i]!;
      out[i] = 0.5 * (Math.log(variance![i]!) + (d * d) / variance![i]!);
    }
  },
  kl_div({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const t = target[i]!;
      out[i] = t === 0 ? 0 : t * (Math.log(t) - prediction[i]!);
    }
  },
  bce({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const p = prediction[i]!;
      const t = target[i]!;
      out[i] = -t * Math.log(p) - (1 - t) * Math.log(1 - p);
    }
  },
  bce_logits({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const x = prediction[i]!;
      out[i] = Math.max(x, 0) - x * target[i]! + Math.log1p(Math.exp(-Math.abs(x)));
    }
  },
  balanced_bce({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const p = prediction[i]!;
      const t = target[i]!;
      out[i] = -0.75 * t * Math.log(p) - 0.25 * (1 - t) * Math.log(1 - p);
    }
  },
  balanced_bce_logits({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const x = prediction[i]!;
      const t = target[i]!;
      const rest = Math.log1p(Math.exp(-Math.abs(x)));
      out[i] = 0.75 * t * (Math.max(-x, 0) + rest) + 0.25 * (1 - t) * (Math.max(x, 0) + rest);
    }
  },
  log_loss_eps({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const p = prediction[i]!;
      const t = target[i]!;
      out[i] = -t * Math.log(p + 1e-7) - (1 - t) * Math.log(1 - p + 1e-7);
    }
  },
  focal: (given, out) => (given.isSoft ? softFocal : hardFocal)(given, out),
  focal_logits({ prediction, target, rows }, out) {
    for (let i = 0; i < rows; i++) {
      const x = prediction[i]!;
      const t = target[i]!;
      const entropy = Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x)));
      const p = 1 / (1 + Math.exp(-x));
      const right = p * t + (1 - p) * (1 - t);
      out[i] = (0.25 * t + 0.75 * (1 - t)) * (1 - right) * (1 - right) * entropy;
    }
  },
  cce: byRow(({ prediction, target, classes }, at) => {
    let loss = 0;
    for (let i = at; i < at + classes; i++) {
      if (target[i] !== 0) loss -= target[i]! * Math.log(prediction[i]!);
    }
    return loss;
  }),
  cce_logits: byRow((given, at) => {
    const { prediction, target, classes } = given;
    const total = logSumExp(given, at);
    let loss = 0;
    for (let i = at; i < at + classes; i++) loss += target[i]! * (total - prediction[i]!);
    return loss;
  }),
  scce: byRow(({ prediction, target }, at, row) => -Math.log(prediction[at + target[row]!]!)),
  scce_logits: byRow((given, at, row) => logSumExp(given, at) - given.prediction[at + given.target[row]!]!),
  focal_softmax: byRow((given, at, row) => {
    const log = given.prediction[at + given.target[row]!]! - logSumExp(given, at);
    const wrong = 1 - Math.exp(log);
    return -wrong * wrong * log;
  }),
  categorical_focal_keras: byRow(({ prediction, target, classes }, at) => {
    let sum = 0;
    for (let i = at; i < at + classes; i++) sum += prediction[i]!;
    let loss = 0;
    for (let i = at; i < at + classes; i++) {
      const q = Math.min(1 - 1e-7, Math.max(1e-7, prediction[i]! / sum));
      loss -= 0.25 * (1 - q) * (1 - q) * target[i]! * Math.log(q);
    }
    return loss;
  }),
  categorical_hinge: byRow(({ prediction, target, classes }, at) => {
    let right = 0;
    let wrong = -Infinity;
    for (let i = at; i < at + classes; i++) {
      right += target[i]! * prediction[i]!;
      wrong = Math.max(wrong, (1 - target[i]!) * prediction[i]!);
    }
    return Math.max(0, 1 + wrong - right);
  }),
  cosine: byRow(({ prediction, target, classes }, at) => {
    let pp = 0;
    let tt = 0;
    let pt = 0;
    for (let i = at; i < at + classes; i++) {
      pp += prediction[i]! * prediction[i]!;
      tt += target[i]! * target[i]!;
      pt += prediction[i]! * target[i]!;
    }
    return 1 - pt / Math.sqrt(pp * tt);
  }),
  generalized_kl: byRow(({ prediction, target, classes }, at) => {
    let loss = 0;
    for (let i = at; i < at + classes; i++) {
      const t = target[i]!;
      loss += t * (Math.log(t) - prediction[i]!) + Math.exp(prediction[i]!) - t;
    }
    return loss;
  }),
};

function byRow(rowLoss: (given: PlainCase, at: number, row: number) => number): NaiveLoss {
  return (given, out) => {
    for (let r = 0; r < given.rows; r++) out[r] = rowLoss(given, r * given.classes, r);
  };
}

function logSumExp({ prediction, classes }: PlainCase, at: number): number {
  let max = -Infinity;
  for (let i = at; i < at + classes; i++) max = Math.max(max, prediction[i]!);
  let sum = 0;
  for (let i = at; i < at + classes; i++) sum += Math.exp(prediction[i]! - max);
  return max + Math.log(sum);
}

function hardFocal({ prediction, target, rows }: PlainCase, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    const p = prediction[i]!;
    const t = target[i]!;
    const right = t === 1 ? p : 1 - p;
    out[i] = -(t === 1 ? 0.25 : 0.75) * (1 - right) * (1 - right) * Math.log(right);
  }
}

function softFocal({ prediction, target, rows }: PlainCase, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    const p = prediction[i]!;
    const t = target[i]!;
    const wrong = 1 - (p * t + (1 - p) * (1 - t));
    out[i] = (0.25 * t + 0.75 * (1 - t)) * wrong * wrong * (-t * Math.log(p) - (1 - t) * Math.log(1 - p));
  }
}
