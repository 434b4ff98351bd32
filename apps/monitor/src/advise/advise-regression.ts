import { RunningLoss } from "@lossflow/core";
import { formatNumber } from "../format/number-text.ts";
import type { LossAdvice, TaskAdvice } from "./advice.ts";
import { quantileOf, Sample } from "./sample.ts";

/** From this many scales on an error is an outlier: of Gaussian errors one in 1.7 million. */
const FAR = 5;
/** Huber's delta in scales: 95 % as efficient as MSE on Gaussian errors (Huber 1964). */
const HUBER = 1.345;

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
    const middle = quantileOf(errors, 0.5);
    const scale = 1.4826 * quantileOf(errors.map((error) => Math.abs(error - middle)).sort(), 0.5);
    const mse = RunningLoss.value(this.#squares).mean ?? Number.NaN;
    const mae = RunningLoss.value(this.#sizes).mean ?? Number.NaN;
    const bias = RunningLoss.value(this.#signed).mean ?? Number.NaN;
    const far = sizes.filter((size) => size > FAR * scale).length / sizes.length;
    const top = Math.max(1, Math.round(sizes.length / 100));
    const delta = scale > 0 ? Number((HUBER * scale).toPrecision(2)) : 1;
    const ofTop = (weight: (size: number) => number): number => {
      const all = sizes.reduce((sum, size) => sum + weight(size), 0);
      return all === 0
        ? 0
        : sizes.subarray(sizes.length - top).reduce((sum, size) => sum + weight(size), 0) / all;
    };
    const squared = ofTop((size) => size * size);
    const pulled = ofTop((size) => size);
    const huber = ofTop((size) => Math.min(size, delta));
    const linear = sizes.filter((size) => size > delta).length / sizes.length;
    const targets = this.#targets.sorted();
    const [lowest, highest] = [targets[0] ?? Number.NaN, targets.at(-1) ?? Number.NaN];
    const decades = lowest > 0 ? Math.log10(highest / lowest) : 0;
    const counts = lowest >= 0 && highest > 1 && targets.every(Number.isInteger);
    return {
      figures: [
        {
          name: "error scale",
          value: scale,
          meaning: "1.4826 times the median distance from the median error: what is usual",
        },
        { name: "rmse", value: Math.sqrt(mse), meaning: "the root of MSE" },
        { name: "mae", value: mae, meaning: "MAE" },
        {
          name: "rmse / mae",
          value: Math.sqrt(mse) / mae,
          meaning: "1.25 of Gaussian errors; more says that few errors are large",
        },
        { name: "mean error", value: bias, meaning: "prediction minus target: what all have in common" },
        {
          name: "largest error",
          value: sizes.at(-1) ?? Number.NaN,
          meaning:
            scale > 0 ? `${formatNumber((sizes.at(-1) ?? 0) / scale, 3)} scales` : "of errors mostly 0",
        },
        { name: "outliers", value: far, meaning: `the share of errors beyond ${FAR} scales` },
        {
          name: "squared error of the largest 1 %",
          value: squared,
          meaning: "the share of MSE that they are",
        },
        {
          name: "gradient of the largest 1 %, mse",
          value: pulled,
          meaning: "the share of the gradient; it grows with the error and fades near the minimum",
        },
        {
          name: `gradient of the largest 1 %, huber ${delta}`,
          value: huber,
          meaning: "held at delta beyond it",
        },
        {
          name: "gradient of the largest 1 %, mae",
          value: top / sizes.length,
          meaning: "the same for every error, however small: it does not fade near the minimum",
        },
        {
          name: `beyond huber's delta ${delta}`,
          value: linear,
          meaning: "the share of errors it treats as MAE does",
        },
      ],
      advice: adviceFrom({ far, squared, ratio: Math.sqrt(mse) / mae, scale, delta, decades, counts }),
      limits: [
        "Whether the outliers are wrong or rare and true: look at the rows of the highest loss (eval --top).",
        "How training with another loss would go: these are errors of a model that was trained with some loss already.",
        "What an error costs you: where high and low errors cost differently, quantile says so; nothing in the data does.",
      ],
    };
  }
}

interface Findings {
  readonly far: number;
  readonly squared: number;
  readonly ratio: number;
  readonly scale: number;
  readonly delta: number;
  readonly decades: number;
  readonly counts: boolean;
}

function adviceFrom({ far, squared, ratio, scale, delta, decades, counts }: Findings): LossAdvice[] {
  const share = (x: number): string => `${formatNumber(100 * x, 3)} %`;
  const mse = {
    loss: "mse",
    params: {},
    why: `the errors look Gaussian (rmse / mae ${formatNumber(ratio, 3)}) and no few of them rule: MSE uses them best, and its gradient fades near the minimum.`,
  };
  const huber = {
    loss: "huber",
    params: { delta },
    why: `the largest 1 % of errors are ${share(squared)} of MSE: Huber holds their gradient at delta and stays MSE for errors of the usual scale (${formatNumber(scale, 3)}).`,
  };
  const mae = {
    loss: "mae",
    params: {},
    why: `${share(far)} of the errors are outliers: only the median of such errors is safe. Its gradient does not fade near the minimum, so let the learning rate fall.`,
  };
  const main =
    scale === 0
      ? [mae, mse]
      : far > 0.1
        ? [mae, huber]
        : far > 0 && squared > 0.2
          ? [huber, mae, mse]
          : [mse, huber];
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
  return [...main, ...others];
}
