import type { Place } from "@lossflow/logs";
import { brief, type Hint } from "./hint.ts";
import { isGradientNormName, isLossName } from "./main-metric.ts";
import { RunningMeanWatch } from "./running-mean-watch.ts";

const RECENT = 16;
const LEAST_POINTS = 24;

interface WatchedLoss {
  readonly name: string;
  readonly means: RunningMeanWatch;
  /** The last values before the one at hand, as a ring. */
  readonly recent: number[];
  count: number;
  /** Of all values but the last. */
  mean: number;
  last: number;
  lastStep: number;
  segment: number;
  /** The level before the latest resume, and the values since; null before one. */
  before: { readonly level: number; readonly step: number; readonly values: number[] } | null;
  factor: Hint | null;
  stride: number;
}

/** Watches how the numbers of a run were made: whether NaN is masked, what a loss is the mean of, by what it is multiplied. */
export class HintWatch {
  readonly #losses = new Map<number, WatchedLoss>();
  readonly #norms = new Map<number, string>();
  /** Steps at which the latest loss was finite, and at which a norm of gradients was not. */
  #finiteStep = Number.NaN;
  #brokenStep = Number.NaN;
  #brokenNorm = "";
  #masked: { metric: string; first: number; count: number; lastStep: number } | null = null;
  #mainLoss = "";

  series(handle: number, name: string): void {
    if (isGradientNormName(name)) this.#norms.set(handle, name);
    else if (isLossName(name))
      this.#losses.set(handle, {
        name,
        means: new RunningMeanWatch(),
        recent: [],
        count: 0,
        mean: 0,
        last: Number.NaN,
        lastStep: Number.NaN,
        segment: 0,
        before: null,
        factor: null,
        stride: Number.NaN,
      });
  }

  point(handle: number, value: number, { step, epoch, segment }: Readonly<Place>): void {
    const norm = this.#norms.get(handle);
    if (norm !== undefined) {
      if (Number.isFinite(value)) return;
      this.#brokenStep = step;
      this.#brokenNorm = norm;
      if (this.#finiteStep === step) this.#mask(step);
      return;
    }
    const loss = this.#losses.get(handle);
    if (loss === undefined || !Number.isFinite(value)) return;
    if (this.#finiteStep !== step) this.#mainLoss = loss.name;
    this.#finiteStep = step;
    if (this.#brokenStep === step) this.#mask(step);
    loss.means.add(value, epoch);
    this.#follow(loss, value, step, segment);
  }

  /** What was noticed; `format` is the reader's id. */
  hints(format: string): Hint[] {
    const hints: Hint[] = [];
    if (this.#masked !== null) {
      const { metric, first, count, lastStep } = this.#masked;
      const where = count === 1 ? `at step ${first}` : `${count} times from step ${first} to ${lastStep}`;
      hints.push({
        kind: "masked-nan",
        metric,
        step: first,
        message: `${metric} is not finite ${where} while ${this.#mainLoss} is: NaN in the gradients is skipped or masked.`,
      });
    }
    for (const loss of this.#losses.values()) {
      if (loss.factor !== null) hints.push(loss.factor);
      const running = loss.means.finding();
      if (running !== null)
        hints.push({
          kind: "running-mean",
          metric: loss.name,
          step: null,
          message: `${loss.name} moves less and less within ${running.calm} of ${running.told} epochs: it is the mean since the epoch began, and spikes within are hidden.`,
        });
      const average = finalAverage(loss);
      if (average !== null) hints.push(average);
      if (/^(hf|trainer-state)/.test(format) && loss.name === "loss" && loss.stride > 1)
        hints.push({
          kind: "window-mean",
          metric: loss.name,
          step: null,
          message: `${loss.name} stands every ${loss.stride} steps, each the mean of the ${loss.stride} before it, as this trainer writes it: a spike of one step shows as 1/${loss.stride} of its height.`,
        });
    }
    return hints;
  }

  #mask(step: number): void {
    this.#masked ??= { metric: this.#brokenNorm, first: step, count: 0, lastStep: step };
    if (this.#masked.count > 0 && this.#masked.lastStep === step) return;
    this.#masked.count++;
    this.#masked.lastStep = step;
  }

  #follow(loss: WatchedLoss, value: number, step: number, segment: number): void {
    if (segment !== loss.segment) {
      loss.before = loss.recent.length < RECENT ? null : { level: median(loss.recent), step, values: [] };
      loss.recent.length = 0;
      loss.segment = segment;
    }
    if (loss.count > 0) {
      loss.mean += (loss.last - loss.mean) / loss.count;
      loss.recent.push(loss.last);
      if (loss.recent.length > RECENT) loss.recent.shift();
      const stride = step - loss.lastStep;
      loss.stride =
        loss.count === 1 || loss.stride === stride ? stride : loss.count < 4 ? stride : loss.stride;
    }
    loss.count++;
    loss.last = value;
    loss.lastStep = step;
    if (loss.before === null || loss.factor !== null || loss.before.values.length >= RECENT) return;
    loss.before.values.push(value);
    if (loss.before.values.length === RECENT) loss.factor = factorOf(loss.name, loss.before);
  }
}

/** A ratio of levels that is a power of two, as numbers of workers and of accumulated batches are. */
function factorOf(
  metric: string,
  {
    level,
    step,
    values,
  }: { readonly level: number; readonly step: number; readonly values: readonly number[] },
): Hint | null {
  const after = median(values);
  const factor = powerOfTwo(after / level);
  if (factor === null) return null;
  return {
    kind: "factor",
    metric,
    step,
    message: `${metric} is about ${brief(after)} after the resume at step ${step} and ${brief(level)} before it, ${brief(after / level)} times as much: a sum over ${factor < 1 ? 1 / factor : factor} workers or accumulated batches in one of them?`,
  };
}

/** The power of two from 2 to 1,024, or its inverse, that `ratio` is within 3 %; null where there is none. */
export function powerOfTwo(ratio: number): number | null {
  if (!(ratio > 0)) return null;
  const power = 2 ** Math.round(Math.log2(ratio));
  const isOne = power === 1 || power > 1_024 || power < 1 / 1_024;
  return isOne || Math.abs(ratio / power - 1) > 0.03 ? null : power;
}

/** A last point that is the mean of all before it, far from where the loss was. */
function finalAverage({ name, count, mean, last, lastStep, recent }: WatchedLoss): Hint | null {
  if (count < LEAST_POINTS || recent.length < RECENT) return null;
  const level = median(recent);
  const noise = median(recent.map((value) => Math.abs(value - level)));
  const isAverage = Math.abs(last - mean) <= 1e-3 * Math.abs(mean);
  if (!isAverage || Math.abs(last - level) <= Math.max(10 * noise, Math.abs(level) / 20)) return null;
  return {
    kind: "final-average",
    metric: name,
    step: lastStep,
    message: `${name} ends at ${brief(last)}, the mean of all points before it, while it stood at about ${brief(level)}: that last point is the average of the run, not a step.`,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
