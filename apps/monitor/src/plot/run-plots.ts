import type { LogSink, Place, RunEvent } from "@lossflow/logs";
import { AXES, type Axis, type Places, type StatedAxis, statedAxisOf } from "./axis.ts";
import { CounterAxis, countedAxis } from "./counter-axis.ts";
import { RunTime } from "./run-time.ts";
import { SeriesPlot } from "./series-plot.ts";
import { SegmentStarts } from "./segment-starts.ts";

/** An event with its place along every axis that the log states. */
export interface Mark {
  readonly event: RunEvent;
  places: Places;
}

const NOWHERE: Places = { step: NaN, epoch: NaN, tokens: NaN, samples: NaN, time: NaN };
/** Buckets of a series that a page, and that a terminal draws: some four for each of its pixel columns. */
export const PAGE_RESOLUTION = 4_096;
export const TERMINAL_RESOLUTION = 1_024;
/** Points of one record at most before they are placed. */
const MOST_HELD = 4_096;

/** Keeps every series of a run for drawing; stands beside the fold that forms the run's figures. */
export class RunPlots implements LogSink {
  readonly time: RunTime = new RunTime();
  readonly #resolution: number;
  readonly #plots: SeriesPlot[] = [];
  readonly #marks: Mark[] = [];
  readonly #starts = new SegmentStarts();
  readonly #counted: (StatedAxis | null)[] = [];
  readonly #counters: Map<StatedAxis, CounterAxis> = new Map();
  /** The points of the record at hand: a count among them holds for all, also for those before it. */
  readonly #held: number[] = [];
  readonly #heldMarks: Mark[] = [];
  readonly #place: { -readonly [key in keyof Place]: Place[key] } = {
    step: NaN,
    epoch: NaN,
    time: NaN,
    rank: -1,
    segment: 0,
  };
  #places: Places = NOWHERE;

  /** `resolution`: buckets kept at most of a series, a power of two (see `SeriesPlot`). */
  constructor(resolution: number = PAGE_RESOLUTION) {
    this.#resolution = resolution;
  }

  /** A handle is an index here. */
  get plots(): readonly SeriesPlot[] {
    this.#flush();
    return this.#plots;
  }

  /** In the order they began; an event that lasts still grows. */
  get marks(): readonly Mark[] {
    this.#flush();
    return this.#marks;
  }

  /** 1 + the resumes, restarts and rewrites so far. */
  get segments(): number {
    return this.#place.segment + 1;
  }

  series(name: string): number {
    this.#counted.push(countedAxis(name));
    return this.#plots.push(new SeriesPlot(this.time, this.#starts, this.#resolution)) - 1;
  }

  point(series: number, value: number, place: Readonly<Place>): void {
    const { step, epoch, time, segment } = place;
    const held = this.#place;
    if (
      step !== held.step ||
      segment !== held.segment ||
      !Object.is(epoch, held.epoch) ||
      !Object.is(time, held.time) ||
      this.#held.length > 2 * MOST_HELD
    ) {
      this.#flush();
      held.step = step;
      held.epoch = epoch;
      held.time = time;
      if (segment > held.segment) this.#starts.open(segment, step);
      held.segment = segment;
      this.time.add(time, segment);
    }
    this.#held.push(series, value);
  }

  event(event: RunEvent): void {
    const mark = { event, places: this.#places };
    this.#marks.push(mark);
    if (this.#held.length > 0) this.#heldMarks.push(mark);
  }

  #flush(): void {
    const held = this.#held;
    if (held.length === 0) return;
    const { step, epoch, time, segment } = this.#place;
    for (let k = 0; k < held.length; k += 2) {
      const axis = this.#counted[held[k]!];
      if (axis !== null && axis !== undefined) this.#count(axis, held[k]!, held[k + 1]!);
    }
    const places = { step, epoch, time, tokens: this.#countOf("tokens"), samples: this.#countOf("samples") };
    for (let k = 0; k < held.length; k += 2) this.#plots[held[k]!]!.add(held[k + 1]!, places, segment);
    this.#places = places;
    for (const mark of this.#heldMarks) mark.places = places;
    held.length = this.#heldMarks.length = 0;
  }

  #count(axis: StatedAxis, series: number, value: number): void {
    let counter = this.#counters.get(axis);
    if (counter === undefined) this.#counters.set(axis, (counter = new CounterAxis(series)));
    if (counter.series !== series || counter.add(value, this.#place.step, this.#place.segment)) return;
    this.#counted[series] = null;
    this.#counters.delete(axis);
    for (const plot of this.#plots) plot.drop(axis);
  }

  #countOf(axis: StatedAxis): number {
    return this.#counters.get(axis)?.value ?? Number.NaN;
  }
}

/** Where a mark stands along the axes besides the step. */
export function placesOf({ places }: Mark, time: RunTime): Partial<Record<Axis, number>> {
  const found: Partial<Record<Axis, number>> = {};
  for (const axis of AXES) {
    const x = places[statedAxisOf(axis)];
    const place = statedAxisOf(axis) === "time" ? time.mapTo(axis) : null;
    if (axis !== "step" && !Number.isNaN(x)) found[axis] = place === null ? x : place(x);
  }
  if (time.mapTo("wall") === null) delete found.wall;
  return found;
}
