import type { LossId } from "../loss.ts";

/** A library whose figures a loss is to reproduce: its arithmetic, denominators and defaults together. */
export type Preset = "torch" | "keras" | "tfjs";

type Params = Readonly<Record<string, unknown>>;

interface PresetInfo {
  readonly reduction: string;
  /** Averages the last axis of elementwise losses away before anything else. */
  readonly per_sample?: boolean;
  /** What differs from this library's own defaults, for each loss it has; `loss` where it is another one's formula. */
  readonly losses: Partial<Record<LossId, { readonly loss?: LossId; readonly params?: Params }>>;
}

/**
 * - torch: torch.nn.functional (double precision figures); the focal loss is torchvision's.
 * - keras: Keras 3, whose JAX and torch backends clip after dividing (TensorFlow: `convention: "keras_tf"`).
 * - tfjs: tf.losses of TensorFlow.js.
 */
export const PRESETS: Readonly<Record<Preset, PresetInfo>> = {
  torch: {
    reduction: "mean",
    losses: {
      bce: { params: { convention: "torch" } },
      bce_logits: {},
      focal_logits: { params: { alpha: 0.25, reduction: "none" } },
      cce_logits: {},
      scce: { params: { convention: "torch", ignore_index: -100 } },
      scce_logits: { params: { ignore_index: -100 } },
      mse: { params: { reduction: "weighted_mean" } },
      mae: { params: { reduction: "weighted_mean" } },
      huber: {},
      smooth_l1: {},
      poisson_nll: {},
      gaussian_nll: {},
      kl_div: {},
    },
  },
  keras: {
    reduction: "sum_over_batch_size",
    per_sample: true,
    losses: {
      bce: { params: { convention: "keras" } },
      bce_logits: {},
      focal: { params: { convention: "keras" } },
      cce: { params: { convention: "keras" } },
      cce_logits: {},
      scce: { params: { convention: "keras" } },
      scce_logits: {},
      mse: {},
      mae: {},
      huber: {},
      log_cosh: {},
      mape: {},
      msle: {},
      hinge: { params: { labels: "auto" } },
      squared_hinge: { params: { labels: "auto" } },
      categorical_hinge: {},
      poisson_nll: { params: { log_input: false, eps: 1e-7 } },
      cosine: { params: { form: "neg_similarity" } },
      dice: { params: { smooth_num: 0, smooth_den: 1e-7 } },
      tversky: { params: { smooth_num: 0, smooth_den: 1e-7 } },
      categorical_focal_keras: {},
    },
  },
  tfjs: {
    reduction: "sum_by_nonzero_weights",
    losses: {
      bce: { loss: "log_loss_eps" },
      log_loss_eps: {},
      bce_logits: {},
      cce_logits: {},
      mse: {},
      mae: {},
      huber: {},
      hinge: { params: { labels: "01" } },
    },
  },
};
