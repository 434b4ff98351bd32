import { normal } from "./normal.ts";

/** A way in which losses of sound training fall. */
export interface LossShape {
  readonly name: string;
  /** Makes the losses of a run without an incident, all above 0. */
  make(length: number, random: () => number): Float64Array;
}

/** What training losses look like, by the noise and the bends that detectors trip over. */
export const LOSS_SHAPES: readonly LossShape[] = [
  shape("language model", (length, random) => {
    const noise = 0.02 + 0.06 * random();
    return (i) => 2.2 + 8.5 / Math.sqrt(1 + (200 * i) / length) + noise * normal(random);
  }),
  shape("language model, one batch of few tokens", (length, random) => {
    const noise = 0.15 + 0.15 * random();
    return (i) => 2.2 + 8.5 / Math.sqrt(1 + (200 * i) / length) + noise * normal(random);
  }),
  shape("classifier, to four decimals", (length, random) => {
    const floor = 0.05 + 0.2 * random();
    return (i) =>
      Math.round(1e4 * (floor + 2.3 * Math.exp((-4 * i) / length)) * Math.exp(0.08 * normal(random))) / 1e4;
  }),
  shape("small batches, heavy tail", (length, random) => {
    const spread = 0.3 + 0.2 * random();
    return (i) => (0.3 + 1.2 * Math.exp((-3 * i) / length)) * Math.exp(spread * normal(random));
  }),
  shape("wandering (noise that keeps)", (length, random) => {
    let drift = 0;
    return (i) => {
      drift = 0.97 * drift + 0.02 * normal(random);
      return 1.5 + 3 * Math.exp((-4 * i) / length) + drift + 0.01 * normal(random);
    };
  }),
  shape("epochs that step down", (length, random) => {
    const epoch = Math.floor(length / 5);
    return (i) => {
      const done = Math.floor(i / epoch);
      const within = (i % epoch) / epoch;
      return 1 + 2.5 * 0.55 ** done * (1 - 0.25 * within) + 0.04 * normal(random);
    };
  }),
  shape("warm-up, then a cosine to its end", (length, random) => (i) => {
    const warm = length / 20;
    const start = i < warm ? 10.9 - (3 * i) / warm : 3 + 4.9 * Math.exp((-9 * (i - warm)) / length);
    return start - 0.35 * (1 - Math.cos((Math.PI * i) / length)) + 0.04 * normal(random);
  }),
  shape("fine-tuning, falling slowly", (length, random) => (i) => {
    return 1.4 - (0.5 * i) / length + 0.08 * normal(random);
  }),
  shape("waves (uneven data)", (length, random) => {
    const period = 30 + 60 * random();
    return (i) =>
      1.2 +
      2 * Math.exp((-3 * i) / length) +
      0.1 * Math.sin((2 * Math.PI * i) / period) +
      0.02 * normal(random);
  }),
];

function shape(
  name: string,
  lossOf: (length: number, random: () => number) => (i: number) => number,
): LossShape {
  return {
    name,
    make: (length, random) => {
      const loss = lossOf(length, random);
      return Float64Array.from({ length }, (_, i) => Math.max(1e-4, loss(i)));
    },
  };
}
