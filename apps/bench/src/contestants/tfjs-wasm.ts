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
  dispose(tensors: readonly Tensor[]): void;
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

/** TensorFlow.js on WebAssembly with SIMD, one thread. */
export interface TfjsContestants {
  /** Over chunks as they come: the tensors of each are made of it, and given back. */
  readonly streaming: Contestant;
  /** Over tensors of all chunks that stand in its memory before. */
  readonly placed: Contestant;
}

export async function tfjsContestants(data: BenchData): Promise<TfjsContestants | null> {
  const module = await peer("@tensorflow/tfjs-core");
  if (data.prediction instanceof Float64Array) return null;
  if (module === null || (await peer("@tensorflow/tfjs-backend-wasm")) === null) return null;
  const tf = module as unknown as TensorFlow;
  await tf.setBackend("wasm");

  const contestant = (name: string, isPlaced: boolean): Contestant => {
    let placed: Chunk[] = [];
    const free = (): void => {
      for (const { tensors } of placed) tf.dispose(tensors);
      placed = [];
    };
    return {
      name,
      prepare: async (benchCase) => {
        free();
        const loss =
          benchCase.name === "focal_logits" ? focalOf(tf) : tf.losses[LOSSES[benchCase.name] ?? ""];
        if (loss === undefined) return null;
        const { classes } = benchCase;
        const chunks = (each: (chunk: Chunk) => void): number =>
          forChunks(data.numbers, classes, (first, rows) =>
            each({ rows, tensors: tensorsOf(tf, data, benchCase, first, rows) }),
          );
        if (isPlaced) chunks((chunk) => placed.push(chunk));
        return async () => {
          let sum = 0;
          const add = ({ rows, tensors }: Chunk): void => {
            const result = loss(...tensors);
            sum += result.dataSync()[0]! * rows;
            result.dispose();
          };
          const start = cpuSeconds();
          if (isPlaced) for (const chunk of placed) add(chunk);
          else {
            chunks((chunk) => {
              add(chunk);
              tf.dispose(chunk.tensors);
            });
          }
          return { cpuSeconds: cpuSeconds() - start, mean: sum / Math.floor(data.numbers / classes) };
        };
      },
      close: async () => free(),
    };
  };
  return { streaming: contestant("tfjs wasm", false), placed: contestant("tfjs wasm, placed", true) };
}

interface Chunk {
  readonly rows: number;
  /** Target and prediction. */
  readonly tensors: readonly [Tensor, Tensor];
}

function tensorsOf(
  tf: TensorFlow,
  { prediction, targets }: BenchData,
  { classes, target }: BenchCase,
  first: number,
  rows: number,
): readonly [Tensor, Tensor] {
  const x = prediction.subarray(first * classes, (first + rows) * classes) as Float32Array;
  const t = targets[target].subarray(first, first + rows) as Float32Array | Int32Array;
  if (classes === 1) return [tf.tensor1d(t), tf.tensor1d(x)];
  const labels = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(t, "int32"), classes), "float32"));
  return [labels, tf.tensor2d(x, [rows, classes])];
}
