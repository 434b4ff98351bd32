/*
 * Writes test/peers/tfjs.json: figures of TensorFlow.js (float32, CPU backend) for the inputs of test/peers/torch.json.
 *
 *     npm install --no-save @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
 *     node scripts/peer-figures.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";

const folder = new URL("../test/peers/", import.meta.url);
const { inputs } = JSON.parse(readFileSync(new URL("torch.json", folder), "utf8"));
await tf.ready();

function one(loss, prediction, target, call, params = {}, weight) {
  const [x, t, w] = [prediction, target, weight].map((name) => name && tf.tensor(inputs[name]));
  const value = call(t, x, w).dataSync()[0];
  return { loss, params, options: weight ? { weight } : {}, prediction, target, value };
}

const { losses } = tf;
const cases = [
  ...[undefined, "weight"].flatMap((weight) => [
    one("bce", "probability", "hard", (t, p, w) => losses.logLoss(t, p, w), {}, weight),
    one("bce", "ends", "hard", (t, p, w) => losses.logLoss(t, p, w), {}, weight),
    one("bce_logits", "logits", "hard", (t, x, w) => losses.sigmoidCrossEntropy(t, x, w), {}, weight),
    one("mse", "real", "logits", (t, x, w) => losses.meanSquaredError(t, x, w), {}, weight),
    one("mae", "real", "logits", (t, x, w) => losses.absoluteDifference(t, x, w), {}, weight),
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
const document = { library: "tfjs", version: tf.version_core, inputs, cases };
writeFileSync(new URL("tfjs.json", folder), `${JSON.stringify(document, null, 1)}\n`);
