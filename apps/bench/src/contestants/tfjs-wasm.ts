import type { BenchCase } from "../bench-case.ts";
import type { BenchData } from "../bench-data.ts";
import { cpuSeconds, forChunks, type Contestant } from "../contestant.ts";
import { peer } from "./peer.ts";

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

type TensorLoss = (
  target: Tensor,
  prediction: Tensor,
  weights?: undefined,
  smoothing?: number,
  reduction?: number,
) => Tensor;

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor1d(values: Float32Array | Int32Array, type?: string): Tensor;
  tensor2d(values: Float32Array, shape: readonly [number, number]): Tensor;
  oneHot(labels: Tensor, depth: number): Tensor;
  cast(x: Tensor, type: string): Tensor;
  tidy(body: () => Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor | number, b: Tensor | number): Tensor;
  add(a: Tensor | number, b: Tensor | number): Tensor;
  square(x: Tensor): Tensor;
  mean(x: Tensor): Tensor;
  readonly losses: Readonly<Record<string, TensorLoss>>;
}

const LOSSES: Readonly<Record<string, string>> = {
  mse: "meanSquaredError",
  mae: "absoluteDifference",
  huber: "huberLoss",
  bce_logits: "sigmoidCrossEntropy",
  scce_10: "softmaxCrossEntropy",
  scce_1000: "softmaxCrossEntropy",
};

/** The focal loss of its own operations, alpha 0.25 and gamma 2: it has none. */
function focalOf(tf: TensorFlow): TensorLoss {
  return (t, x) =>
    tf.tidy(() => {
      const entropy = tf.losses["sigmoidCrossEntropy"]!(t, x, undefined, 0, NO_REDUCTION);
      const wrong = tf.sub(tf.sigmoid(x), t);
      const balance = tf.add(0.75, tf.mul(-0.5, t));
      return tf.mean(tf.mul(balance, tf.mul(tf.square(wrong), entropy)));
    });
}

/** `Reduction.NONE` of TensorFlow.js. */
const NO_REDUCTION = 0;

/** TensorFlow.js on WebAssembly with SIMD, one thread. Its tensors are made outside the measured time. */
export async function tfjsContestant(data: BenchData): Promise<Contestant | null> {
  const module = await peer("@tensorflow/tfjs-core");
  if (data.prediction instanceof Float64Array) return null;
  if (module === null || (await peer("@tensorflow/tfjs-backend-wasm")) === null) return null;
  const tf = module as unknown as TensorFlow;
  await tf.setBackend("wasm");
  return {
    name: "tfjs wasm",
    prepare: async ({ name, classes, target }: BenchCase) => {
      const loss = name === "focal_logits" ? focalOf(tf) : tf.losses[LOSSES[name] ?? ""];
      if (loss === undefined) return null;
      const tensors = (first: number, rows: number): readonly [Tensor, Tensor] => {
        const x = data.prediction.subarray(first * classes, (first + rows) * classes) as Float32Array;
        const t = data.targets[target].subarray(first, first + rows) as Float32Array | Int32Array;
        if (classes === 1) return [tf.tensor1d(t), tf.tensor1d(x)];
        return [
          tf.cast(tf.oneHot(tf.tensor1d(t, "int32"), classes), "float32"),
          tf.tensor2d(x, [rows, classes]),
        ];
      };
      return async () => {
        let seconds = 0;
        let sum = 0;
        const all = forChunks(data.numbers, classes, (first, rows) => {
          const [t, x] = tensors(first, rows);
          const start = cpuSeconds();
          const result = loss(t, x);
          sum += result.dataSync()[0]! * rows;
          seconds += cpuSeconds() - start;
          for (const tensor of [t, x, result]) tensor.dispose();
        });
        return { cpuSeconds: seconds, mean: sum / all };
      };
    },
    close: async () => {},
  };
}
