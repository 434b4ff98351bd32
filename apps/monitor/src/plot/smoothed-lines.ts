import { DebiasedEma, TimedEma } from "@lossflow/series";
import { type Places, STATED_AXES, type StatedAxis } from "./axis.ts";
import { RecentValues } from "./recent-values.ts";
import type { SegmentStarts } from "./segment-starts.ts";
import { SMOOTHINGS } from "./smoothing.ts";

/** Points kept at most of each line. */
const KEPT = 1_024;

/** A smoothed line: its points in the order of the log, and 1 where the line begins anew instead of going on. */
export interface SmoothedLine {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly broken: Float64Array;
}

/** Takes a point and gives the smoothed value where it is asked for. */
type Smooth = (places: Places, value: number, stretch: number) => number | null;

/**
 * Smooths a series in every offered way, over every point, and keeps every k-th smoothed value; k doubles whenever the
 * room is full. What is left out lies between its neighbours: a smooth line has no spikes to lose, and the raw line
 * behind keeps its own. No line goes on across a NaN, an infinity or a new stretch.
 */
export class SmoothedLines {
  readonly #recent = new RecentValues(
    Math.max(...SMOOTHINGS.map((smoothing) => ("points" in smoothing ? smoothing.points : 1))),
  );
  /** What is formed point by point; means and medians are read from the recent values. */
  readonly #smoothers: readonly (Smooth | null)[] = SMOOTHINGS.map((smoothing) => {
    if (smoothing.kind === "ema") {
      const ema = new DebiasedEma(smoothing.weight);
      return ({ step }, value, stretch) => ema.add(step, value, stretch);
    }
    if (smoothing.kind !== "timed") return null;
    const ema = new TimedEma(smoothing.halfLife);
    return (places, value, stretch) => {
      const x = places[smoothing.along];
      return Number.isNaN(x) ? Number.NaN : ema.add(x, value, stretch);
    };
  });
  readonly #x: Readonly<Record<StatedAxis, Float64Array>>;
  readonly #y: readonly Float64Array[] = SMOOTHINGS.map(() => new Float64Array(KEPT));
  readonly #broken = new Uint8Array(KEPT);
  readonly #segments = new Int32Array(KEPT);
  #kept = 0;
  #every = 1;
  #seen = 0;
  #breaks = false;
  #stretch = 0;

  constructor() {
    const entries = STATED_AXES.map((axis) => [axis, new Float64Array(KEPT)] as const);
    this.#x = Object.fromEntries(entries) as Record<StatedAxis, Float64Array>;
  }

  /** Adds a point of a stretch of a segment. */
  add(places: Places, value: number, stretch: number, segment: number): void {
    if (stretch !== this.#stretch || !Number.isFinite(value)) this.#breaks = true;
    this.#stretch = stretch;
    this.#recent.add(value, stretch);
    const keep = this.#seen++ % this.#every === 0;
    if (keep && this.#kept === KEPT) this.#thin();
    const k = this.#kept;
    for (let s = 0; s < SMOOTHINGS.length; s++) {
      const smoothed = this.#smoothers[s]?.(places, value, stretch);
      if (keep) this.#y[s]![k] = smoothed ?? this.#recentOf(s);
    }
    if (!keep) return;
    for (const axis of STATED_AXES) this.#x[axis][k] = places[axis];
    this.#broken[k] = this.#breaks ? 1 : 0;
    this.#segments[k] = segment;
    this.#breaks = false;
    this.#kept++;
  }

  /**
   * The line of one smoothing where `along` of the axis's values is in `from .. to`, with a neighbour on either side so
   * that it reaches the edges; without what a later segment has written again.
   */
  line(
    smoothing: number,
    axis: StatedAxis,
    from: number,
    to: number,
    along: (x: number) => number = (x) => x,
    starts?: SegmentStarts,
  ): SmoothedLine {
    const xs = this.#x[axis].map((x, k) => (k < this.#kept ? along(x) : Number.NaN));
    const isIn = (k: number): boolean => k >= 0 && k < this.#kept && xs[k]! >= from && xs[k]! <= to;
    const inside: number[] = [];
    for (let k = 0; k < this.#kept; k++) {
      if (this.#x.step[k]! >= (starts?.supersededFrom(this.#segments[k]!) ?? Infinity)) continue;
      if (isIn(k) || isIn(k + 1) || isIn(k - 1)) inside.push(k);
    }
    const y = this.#y[smoothing]!;
    return {
      x: Float64Array.from(inside, (k) => xs[k]!),
      y: Float64Array.from(inside, (k) => y[k]!),
      broken: Float64Array.from(inside, (k, i) =>
        i > 0 && this.#segments[k] !== this.#segments[inside[i - 1]!] ? 1 : this.#broken[k]!,
      ),
    };
  }

  /** Where along an axis a segment first stood at `step` or beyond it, as near as the kept points tell; Infinity where never. */
  reached(segment: number, step: number, axis: StatedAxis): number {
    for (let k = 0; k < this.#kept; k++)
      if (this.#segments[k] === segment && this.#x.step[k]! >= step) return this.#x[axis][k]!;
    return Infinity;
  }

  #recentOf(smoothing: number): number {
    const way = SMOOTHINGS[smoothing]!;
    if (way.kind === "mean") return this.#recent.mean(way.points);
    return way.kind === "median" ? this.#recent.median(way.points) : Number.NaN;
  }

  #thin(): void {
    this.#every *= 2;
    this.#kept /= 2;
    for (let k = 0; k < this.#kept; k++) {
      for (const axis of STATED_AXES) this.#x[axis][k] = this.#x[axis][2 * k]!;
      for (const y of this.#y) y[k] = y[2 * k]!;
      this.#segments[k] = this.#segments[2 * k]!;
      // A break at a point that goes stands at the next one that stays.
      this.#broken[k] = this.#broken[2 * k]! | (k > 0 ? this.#broken[2 * k - 1]! : 0);
    }
    // The last point that goes has no next one yet.
    if (this.#broken[2 * this.#kept - 1] === 1) this.#breaks = true;
  }
}
