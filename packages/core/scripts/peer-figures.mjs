/*
 * Writes test/peers/tfjs.json: figures and gradients of TensorFlow.js for the inputs of test/peers/torch.json. It
 * computes in float32 alone, here on its CPU backend, so its figures are good to seven digits.
 *
 *     npm install --no-save @tensorflow/tfjs@4.22.0
 *     node scripts/peer-figures.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";

const folder = new URL("../test/peers/", import.meta.url);
const { inputs } = JSON.parse(readFileSync(new URL("torch.json", folder), "utf8"));
await tf.setBackend("cpu");

function one(loss, prediction, target, call, params = {}, weight) {
  const [x, t, w] = [prediction, target, weight].map((name) => name && tf.tensor(inputs[name]));
  const value = call(t, x, w).dataSync()[0];
  const gradient = tf
    .grad((v) => call(t, v, w))(x)
    .arraySync();
  return { loss, params, options: weight ? { weight } : {}, prediction, target, value, gradient };
}

const { losses } = tf;
const cases = [
  ...[undefined, "weight"].flatMap((weight) => [
    one("bce", "probability", "hard", (t, p, w) => losses.logLoss(t, p, w), {}, weight),
    one("bce", "ends", "hard", (t, p, w) => losses.logLoss(t, p, w), {}, weight),
    one("bce_logits", "logits", "hard", (t, x, w) => losses.sigmoidCrossEntropy(t, x, w), {}, weight),
    one("mse", "real", "logits", (t, x, w) => losses.meanSquaredError(t, x, w), {}, weight),
    one("mae", "real", "logits", (t, x, w) => losses.absoluteDifference(t, x, w), {}, weight),
    one("huber", "real", "logits", (t, x, w) => losses.huberLoss(t, x, w), {}, weight),
    one("huber", "real", "logits", (t, x, w) => losses.huberLoss(t, x, w, 0.5), { delta: 0.5 }, weight),
    one("hinge", "real", "hard", (t, x, w) => losses.hingeLoss(t, x, w), {}, weight),
  ]),
  ...[undefined, "row"].flatMap((weight) => [
    one("cce_logits", "logits", "soft", (t, x, w) => losses.softmaxCrossEntropy(t, x, w), {}, weight),
    one(
      "cce_logits",
      "logits",
      "soft",
      (t, x, w) => losses.softmaxCrossEntropy(t, x, w, 0.1),
      { label_smoothing: 0.1 },
      weight,
    ),
  ]),
];
/** What it does where docs/losses.md says that libraries differ. */
const certain = tf.tensor([1]);
const number = (tensor) => (Number.isNaN(tensor.dataSync()[0]) ? "NaN" : tensor.dataSync()[0]);
const facts = {
  all_weights_0: number(losses.meanSquaredError(certain, certain, tf.tensor([0]))),
  perfect_prediction: number(losses.logLoss(certain, certain)),
  slope_of_abs_at_0: number(tf.grad((x) => losses.absoluteDifference(tf.tensor([0]), x))(tf.tensor([0]))),
  logits_at_minus_40: number(losses.sigmoidCrossEntropy(tf.tensor([0]), tf.tensor([-40]))),
  label_3_of_3: number(
    losses.softmaxCrossEntropy(tf.cast(tf.oneHot(tf.tensor1d([3], "int32"), 3), "float32"), tf.zeros([1, 3])),
  ),
};
const document = { library: "tfjs", version: tf.version_core, inputs, facts, cases };
writeFileSync(new URL("tfjs.json", folder), `${JSON.stringify(document, null, 1)}\n`);
