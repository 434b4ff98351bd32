import { DebiasedEma } from "@lossflow/series";
import { AXES, type Axis } from "./axis.ts";
import { RecentValues } from "./recent-values.ts";
import { SMOOTHINGS } from "./smoothing.ts";

/** Points kept at most of each line. */
const KEPT = 1_024;

/** A smoothed line: its points in the order of the log, and 1 where the line begins anew instead of going on. */
export interface SmoothedLine {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly broken: Float64Array;
}

/**
 * Smooths a series in every offered way, over every point, and keeps every k-th smoothed value; k doubles whenever the
 * room is full. What is left out lies between its neighbours: a smooth line has no spikes to lose, and the raw line
 * behind keeps its own. No line goes on across a NaN, an infinity, a resume or a step that goes back.
 */
export class SmoothedLines {
  readonly #emas: readonly (DebiasedEma | null)[] = SMOOTHINGS.map((smoothing) =>
    smoothing.kind === "ema" ? new DebiasedEma(smoothing.weight) : null,
  );
  readonly #recent = new RecentValues(
    Math.max(...SMOOTHINGS.map((smoothing) => (smoothing.kind === "mean" ? smoothing.points : 1))),
  );
  readonly #x: Readonly<Record<Axis, Float64Array>> = {
    step: new Float64Array(KEPT),
    epoch: new Float64Array(KEPT),
    time: new Float64Array(KEPT),
  };
  readonly #y: readonly Float64Array[] = SMOOTHINGS.map(() => new Float64Array(KEPT));
  readonly #broken = new Uint8Array(KEPT);
  #kept = 0;
  #every = 1;
  #seen = 0;
  #breaks = false;
  #step = Number.NEGATIVE_INFINITY;
  #segment = 0;

  /** Adds a point; NaN for an axis that the log does not state. */
  add(step: number, epoch: number, time: number, value: number, segment: number): void {
    if (segment !== this.#segment || step < this.#step || !Number.isFinite(value)) this.#breaks = true;
    this.#step = step;
    this.#segment = segment;
    this.#recent.add(step, value, segment);
    const keep = this.#seen++ % this.#every === 0;
    if (keep && this.#kept === KEPT) this.#thin();
    const k = this.#kept;
    for (let s = 0; s < SMOOTHINGS.length; s++) {
      const smoothed = this.#emas[s]?.add(step, value, segment);
      if (keep) this.#y[s]![k] = smoothed ?? this.#meanOf(s);
    }
    if (!keep) return;
    this.#x.step[k] = step;
    this.#x.epoch[k] = epoch;
    this.#x.time[k] = time;
    this.#broken[k] = this.#breaks ? 1 : 0;
    this.#breaks = false;
    this.#kept++;
  }

  /** The line of one smoothing over `from .. to`, with a neighbour on either side so that it reaches the edges. */
  line(smoothing: number, axis: Axis, from: number, to: number): SmoothedLine {
    const xs = this.#x[axis];
    const inside: number[] = [];
    for (let k = 0; k < this.#kept; k++) {
      const here = xs[k]! >= from && xs[k]! <= to;
      const next = k + 1 < this.#kept && xs[k + 1]! >= from && xs[k + 1]! <= to;
      const before = k > 0 && xs[k - 1]! >= from && xs[k - 1]! <= to;
      if (here || next || before) inside.push(k);
    }
    const y = this.#y[smoothing]!;
    return {
      x: Float64Array.from(inside, (k) => xs[k]!),
      y: Float64Array.from(inside, (k) => y[k]!),
      broken: Float64Array.from(inside, (k) => this.#broken[k]!),
    };
  }

  #meanOf(smoothing: number): number {
    const { kind, ...rest } = SMOOTHINGS[smoothing]!;
    return kind === "mean" && "points" in rest ? this.#recent.mean(rest.points) : Number.NaN;
  }

  #thin(): void {
    this.#every *= 2;
    this.#kept /= 2;
    for (let k = 0; k < this.#kept; k++) {
      for (const axis of AXES) this.#x[axis][k] = this.#x[axis][2 * k]!;
      for (const y of this.#y) y[k] = y[2 * k]!;
      // A break at a point that goes stands at the next one that stays.
      this.#broken[k] = this.#broken[2 * k]! | (k > 0 ? this.#broken[2 * k - 1]! : 0);
    }
    // The last point that goes has no next one yet.
    if (this.#broken[2 * this.#kept - 1] === 1) this.#breaks = true;
  }
}
