import { expect, test } from "vitest";
import {
  isGradientNormName,
  isHeldOutName,
  isLossName,
  mainMetric,
  trainMetricOf,
} from "../../src/compute/main-metric.ts";

test.each([
  [["lr", "val/loss", "train/loss", "grad_norm"], "train/loss"],
  [["eval_loss", "loss", "learning_rate"], "loss"],
  [["train_loss", "loss"], "loss"],
  [["train_loss_step", "train_loss_epoch", "val_loss"], "train_loss_step"],
  [["train/box_loss", "train/cls_loss", "val/box_loss"], "train/box_loss"],
  [["loss_rpn_cls", "total_loss", "loss_cls"], "total_loss"],
  [["loss scale", "lm loss", "grad norm"], "lm loss"],
  [["tel", "trl", "lr", "norm"], "trl"],
  [["val_loss"], "val_loss"],
  [["lr", "accuracy"], null],
  [[], null],
])("of %j the main loss is %s", (names, main) => {
  expect(mainMetric(names)).toBe(main);
});

test("a loss scale is no loss", () => {
  expect(isLossName("loss_scale")).toBe(false);
  expect(isLossName("train/loss")).toBe(true);
  expect(isLossName("learning_rate")).toBe(false);
});

test.each([
  ["grad_norm", true],
  ["train/grad_norm", true],
  ["gnorm", true],
  ["norm", true],
  ["gradient_norm", true],
  ["optim/total_grad_norm", true],
  ["train/norm", true],
  ["optim/grad/module.transformer.blocks.9.ff_out.weight.norm", false],
  ["layers.3.grad_norm", false],
  ["layer_norm_weight", false],
  ["norm_loss", false],
  ["learning_rate", false],
])("%s: the norm of gradients %j", (name, is) => {
  expect(isGradientNormName(name)).toBe(is);
});

test.each([
  ["val/loss", ["train/loss", "val/loss"], "train/loss"],
  ["val_loss", ["loss", "val_loss", "acc"], "loss"],
  ["eval_loss", ["loss", "eval_loss", "train_loss"], "loss"],
  ["val/box_loss", ["train/cls_loss", "train/box_loss", "val/box_loss"], "train/box_loss"],
  ["tel", ["tel", "trl"], "trl"],
  ["eval_g0_loss", ["loss", "eval_g0_loss"], "loss"],
  ["val/loss", ["val/loss", "lr"], null],
])("%s of %j is held out of the data of %s", (heldOut, names, train) => {
  expect(isHeldOutName(heldOut)).toBe(true);
  expect(trainMetricOf(heldOut, names)).toBe(train);
});
