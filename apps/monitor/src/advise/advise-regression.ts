import { RunningLoss } from "@lossflow/core";
import { formatNumber } from "../format/number-text.ts";
import type { LossAdvice, TaskAdvice } from "./advice.ts";
import { quantileOf, Sample } from "./sample.ts";

/** From this many scales on an error is an outlier: of Gaussian errors one in 1.7 million. */
const FAR = 5;
/** Huber's delta in scales: 95 % as efficient as MSE on Gaussian errors (Huber 1964). */
const HUBER = 1.345;
/** The root of MSE over MAE of Gaussian errors: sqrt(pi / 2). */
const GAUSSIAN = Math.sqrt(Math.PI / 2);

/**
 * Weighs the losses of regression by the errors: their scale, how far their largest lie out, and how much of each loss's
 * gradient those would be.
 */
export class RegressionAdviser {
  readonly #errors = new Sample();
  readonly #targets = new Sample();
  readonly #squares = RunningLoss.create({ squares: false });
  readonly #sizes = RunningLoss.create({ squares: false });
  readonly #signed = RunningLoss.create({ squares: false });

  /** How many pairs have a finite error. */
  get count(): number {
    return this.#errors.seen;
  }

  add(prediction: number, target: number): void {
    const error = prediction - target;
    if (!Number.isFinite(error)) return;
    this.#errors.add(error);
    this.#targets.add(target);
    RunningLoss.add(this.#squares, error * error);
    RunningLoss.add(this.#sizes, Math.abs(error));
    RunningLoss.add(this.#signed, error);
  }

  advise(): TaskAdvice {
    const errors = this.#errors.sorted();
    const sizes = errors.map(Math.abs).sort();
    const largest = sizes.at(-1) ?? Number.NaN;
    const middle = medianOf(errors);
    const distances = errors.map((error) => Math.abs(error - middle)).sort();
    const scale = 1.4826 * medianOf(distances);
    const mse = RunningLoss.value(this.#squares).mean ?? Number.NaN;
    const mae = RunningLoss.value(this.#sizes).mean ?? Number.NaN;
    const bias = RunningLoss.value(this.#signed).mean ?? Number.NaN;
    const ratio = Math.sqrt(mse) / mae;
    const far = distances.filter((distance) => distance > FAR * scale).length / sizes.length;
    const top = Math.max(1, Math.round(sizes.length / 100));
    const delta = Number((HUBER * scale).toPrecision(2));
    const ofTop = (weight: (size: number) => number): number => {
      const all = sizes.reduce((sum, size) => sum + weight(size), 0);
      return sizes.subarray(sizes.length - top).reduce((sum, size) => sum + weight(size), 0) / all;
    };
    const common = [
      {
        name: "error scale",
        value: scale,
        meaning: "1.4826 times the median distance from the median error: what is usual",
      },
      { name: "rmse", value: Math.sqrt(mse), meaning: "the root of MSE" },
      { name: "mae", value: mae, meaning: "MAE" },
      { name: "mean error", value: bias, meaning: "prediction minus target: what all have in common" },
    ];
    if (mae === 0) return { figures: common, advice: [NOTHING_TO_LEARN], limits: LIMITS };
    const squared = ofTop((size) => size * size);
    const scaled = [
      {
        name: "outliers",
        value: far,
        meaning: `the share of errors beyond ${FAR} scales from the median error`,
      },
      {
        name: `gradient of the largest 1 %, huber ${delta}`,
        value: ofTop((size) => Math.min(size, delta)),
        meaning: "held at delta beyond it",
      },
      {
        name: `beyond huber's delta ${delta}`,
        value: sizes.filter((size) => size > delta).length / sizes.length,
        meaning: "the share of errors it treats as MAE does",
      },
    ];
    const targets = this.#targets.sorted();
    const [lowest, highest] = [targets[0] ?? Number.NaN, targets.at(-1) ?? Number.NaN];
    const decades = lowest > 0 ? Math.log10(highest / lowest) : 0;
    const counts = lowest >= 0 && highest > 1 && targets.every(Number.isInteger);
    return {
      figures: [
        ...common,
        {
          name: "median error",
          value: middle,
          meaning: "far from 0 it is what all predictions are off by",
        },
        {
          name: "rmse / mae",
          value: ratio,
          meaning: "1.25 of Gaussian errors; more says that few errors are large",
        },
        {
          name: "largest error",
          value: largest,
          meaning:
            scale > 0
              ? `${formatNumber(largest / scale, 3)} scales`
              : `half or more of the errors are exactly ${formatNumber(middle, 3)}`,
        },
        {
          name: "squared error of the largest 1 %",
          value: squared,
          meaning: "the share of MSE that they are",
        },
        {
          name: "gradient of the largest 1 %, mse",
          value: ofTop((size) => size),
          meaning: "the share of the gradient; it grows with the error and fades near the minimum",
        },
        {
          name: "gradient of the largest 1 %, mae",
          value: top / sizes.length,
          meaning: "the same for every error, however small: it does not fade near the minimum",
        },
        ...(scale > 0 ? scaled : []),
      ],
      advice: adviceFrom({ far, squared, ratio, scale, middle, delta, decades, counts }),
      limits: LIMITS,
    };
  }
}

/** The median of numbers in order of size: of two in the middle their mean. */
function medianOf(sorted: Float64Array): number {
  return (quantileOf(sorted, 0.5) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}

const LIMITS = [
  "Whether the outliers are wrong or rare and true: look at the rows of the highest loss (eval --top).",
  "How training with another loss would go: these are errors of a model that was trained with some loss already.",
  "What an error costs you: where high and low errors cost differently, quantile says so; nothing in the data does.",
];

const NOTHING_TO_LEARN: LossAdvice = {
  loss: "mse",
  params: {},
  why: "all errors are 0, so no loss has anything to choose by: check that the predictions are not the targets.",
};

interface Findings {
  readonly far: number;
  readonly squared: number;
  readonly ratio: number;
  readonly scale: number;
  readonly middle: number;
  readonly delta: number;
  readonly decades: number;
  readonly counts: boolean;
}

function adviceFrom(findings: Findings): LossAdvice[] {
  const { decades, counts } = findings;
  const others: LossAdvice[] = [];
  if (counts)
    others.push({
      loss: "poisson_nll",
      params: {},
      why: "the targets are counts: if predictions are made as log rates, their spread grows with their mean.",
    });
  if (decades >= 3)
    others.push({
      loss: "msle",
      params: {},
      why: `the targets span ${formatNumber(decades, 2)} decades: MSLE weighs errors by their ratio, not by their size.`,
    });
  return [...byErrors(findings), ...others];
}

function byErrors({ far, squared, ratio, scale, middle, delta }: Findings): LossAdvice[] {
  const mse = { loss: "mse", params: {}, why: reasonForMse(ratio, squared) };
  const huber = {
    loss: "huber",
    params: { delta },
    why: `the largest 1 % of errors are ${percent(squared)} of MSE: Huber holds their gradient at delta and stays MSE for errors of the usual scale (${formatNumber(scale, 3)}).`,
  };
  const outliers =
    scale > 0
      ? `${percent(far)} of the errors are outliers`
      : `half or more of the errors are exactly ${formatNumber(middle, 3)}, so no scale tells which others are outliers`;
  const mae = {
    loss: "mae",
    params: {},
    why: `${outliers}: MAE heads for the median, which they hardly move. Its gradient does not fade near the minimum, so let the learning rate fall.`,
  };
  if (Math.abs(middle) > FAR * scale && (scale > 0 || far <= 0.1)) {
    const why = `the errors lie around ${formatNumber(middle, 3)}, with a usual spread of ${formatNumber(scale, 3)}: the predictions are off by a constant. Look for an offset or a unit first; MSE heads for the mean, and its gradient grows with the offset.`;
    return [{ ...mse, why }];
  }
  if (scale === 0) return [mae, mse];
  if (far > 0.1) return [mae, huber];
  return far > 0 && squared > 0.2 ? [huber, mae, mse] : [mse, huber];
}

function reasonForMse(ratio: number, squared: number): string {
  const figure = `rmse / mae ${formatNumber(ratio, 3)}, of Gaussian errors 1.25`;
  if (ratio > GAUSSIAN + 0.1)
    return `few errors are large (${figure}) and the largest 1 % are ${percent(squared)} of MSE: choose it where they are to count so much. Its gradient fades near the minimum.`;
  const like = ratio < GAUSSIAN - 0.1 ? "are more alike in size than Gaussian ones" : "look Gaussian";
  return `the errors ${like} (${figure}) and no few of them rule: MSE uses them best, and its gradient fades near the minimum.`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 3)} %`;
}
