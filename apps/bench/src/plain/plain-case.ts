import { LOSSES, lossFromSpec, type FloatArray, type Loss, type LossId } from "@lossflow/core";

/** One loss in plain TypeScript with seeded inputs, as all contestants read them. */
export interface PlainCase {
  readonly id: LossId;
  /** Reduced to a mean. */
  readonly loss: Loss;
  readonly rows: number;
  /** 1 for elementwise losses. */
  readonly classes: number;
  readonly prediction: FloatArray;
  /** Numbers, rows of them, or labels. */
  readonly target: FloatArray;
  readonly variance: FloatArray | undefined;
  /** Whether targets that are probabilities lie between 0 and 1. */
  readonly isSoft: boolean;
}

const CLASSES = 10;

/** Parameters under which rows are independent, or that a naive loop would have. */
const PARAMS: Readonly<Partial<Record<LossId, Readonly<Record<string, unknown>>>>> = {
  balanced_bce: { beta: 0.75 },
  balanced_bce_logits: { beta: 0.75 },
  focal: { alpha: 0.25 },
  focal_logits: { alpha: 0.25 },
};

/** What the inputs are made of. */
export interface PlainInputs {
  /** Of predictions, about. */
  readonly numbers: number;
  readonly columns: "float32" | "float64";
  /** Of losses of probabilities: soft ones lie between 0 and 1. */
  readonly labels: "hard" | "soft";
}

/** Makes one case for each loss. */
export function plainCases({ numbers, columns, labels }: PlainInputs): readonly PlainCase[] {
  return LOSSES.map(({ id, unit, target }) => {
    const loss = lossFromSpec({ loss: id, params: PARAMS[id] ?? {} });
    const random = generator(id.length);
    const classes = unit === "row" ? CLASSES : 1;
    const rows = Math.floor(numbers / classes);
    const draw = (of: () => number, length: number = rows * classes): FloatArray =>
      columns === "float64" ? Float64Array.from({ length }, of) : Float32Array.from({ length }, of);
    const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const share = (): number => 0.01 + 0.98 * random();
    const hard = (): number => (random() < 0.5 ? 0 : 1);
    const prediction = PROBABILITIES.includes(id)
      ? share
      : LOGARITHMS.includes(id)
        ? () => Math.log(share())
        : id === "msle"
          ? () => 8 * random()
          : () => 3 * normal();
    const targets: Readonly<Record<typeof target, () => FloatArray>> = {
      real: () => draw(id === "msle" || id === "mape" ? () => 0.5 + 4 * random() : normal),
      probability: () => draw(labels === "soft" ? share : hard),
      label: () => draw(() => Math.floor(random() * classes), rows),
      distribution: () =>
        oneHot(
          draw(() => 0),
          classes,
          random,
        ),
      sign: () => draw(() => 2 * hard() - 1),
      vector: () => draw(share),
    };
    return {
      id,
      loss,
      rows,
      classes,
      prediction: draw(prediction),
      target: targets[target](),
      variance: loss.readsVariance ? draw(share) : undefined,
      isSoft: labels === "soft",
    };
  });
}

const PROBABILITIES: readonly LossId[] = [
  "bce",
  "balanced_bce",
  "focal",
  "cce",
  "scce",
  "dice",
  "tversky",
  "log_loss_eps",
  "categorical_focal_keras",
];
const LOGARITHMS: readonly LossId[] = ["kl_div", "generalized_kl"];

/** Writes a 1 at a random place of each row of zeros. */
function oneHot(target: FloatArray, classes: number, random: () => number): FloatArray {
  for (let row = 0; row < target.length; row += classes) target[row + Math.floor(random() * classes)] = 1;
  return target;
}

/** Numbers in (0, 1), the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}
