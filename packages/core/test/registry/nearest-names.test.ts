import { expect, test } from "vitest";
import { LOSSES, nearestNames } from "@lossflow/core";

const ids = LOSSES.map(({ id }) => id);
const flags = ["--loss", "--target", "--top", "--by", "--var", "--job", "--nan"];

test.each([
  ["hubr", ids, ["huber"]],
  ["logcosh", ids, ["log_cosh"]],
  ["SmoothL1", ids, ["smooth_l1"]],
  ["kl", ids, ["kl_div"]],
  ["nll", ids, ["poisson_nll", "gaussian_nll"]],
  ["crossentropy", ids, []],
  ["--los", flags, ["--loss"]],
  ["--bla", flags, []],
  ["labl", ["country", "label", "logit"], ["label"]],
  ["x", ["y", "p", "w"], []],
  ["y", ["Y", "y_true", "day"], ["Y", "y_true"]],
  ["", ["y", "p"], []],
  ["--", flags, []],
])("%s among %j", (name, names, near) => {
  expect(nearestNames(name, names)).toEqual(near);
});

test("at most as many as asked for, nearest first", () => {
  expect(nearestNames("bce_logit", ids, 1)).toEqual(["bce_logits"]);
});
