import { expect, test } from "vitest";
import { isLossName, mainMetric } from "../../src/compute/main-metric.ts";

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
