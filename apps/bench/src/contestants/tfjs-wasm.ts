import type { BenchCase } from "../bench-case.ts";
import type { BenchData } from "../bench-data.ts";
import { cpuSeconds, forChunks, type Contestant } from "../contestant.ts";
import { peer } from "./peer.ts";

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

type TensorLoss = (target: Tensor, prediction: Tensor) => Tensor;

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor1d(values: Float32Array | Int32Array, type?: string): Tensor;
  tensor2d(values: Float32Array, shape: readonly [number, number]): Tensor;
  oneHot(labels: Tensor, depth: number): Tensor;
  cast(x: Tensor, type: string): Tensor;
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

/** TensorFlow.js on WebAssembly with SIMD, one thread. Its tensors are made outside the measured time. */
export async function tfjsContestant(data: BenchData): Promise<Contestant | null> {
  const module = await peer("@tensorflow/tfjs-core");
  if (module === null || (await peer("@tensorflow/tfjs-backend-wasm")) === null) return null;
  const tf = module as unknown as TensorFlow;
  await tf.setBackend("wasm");
  return {
    name: "tfjs wasm",
    prepare: async ({ name, classes, target }: BenchCase) => {
      const loss = tf.losses[LOSSES[name] ?? ""];
      if (loss === undefined) return null;
      const tensors = (first: number, rows: number): readonly [Tensor, Tensor] => {
        const x = data.prediction.subarray(first * classes, (first + rows) * classes);
        const t = data.targets[target].subarray(first, first + rows);
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
