import type { LogSink, Place } from "@lossflow/logs";
import { BlockSeries } from "@lossflow/series";
import { countedAxis } from "../plot/counter-axis.ts";

/** What runs can be compared at equal values of. */
export type CompareAxis = "step" | "epoch" | "tokens" | "samples" | "time";

/**
 * Keeps every series of a run over one axis, in bounded memory; time counts from the run's start. A count of tokens or
 * samples belongs to all points of its step, wherever in the record it stands.
 */
export class ComparableRun implements LogSink {
  readonly #axis: CompareAxis;
  readonly #series = new Map<string, BlockSeries>();
  readonly #byHandle: BlockSeries[] = [];
  readonly #counters = new Set<number>();
  /** Points of the step at hand, which wait for its count: series and value by turns. */
  #waiting: number[] = [];
  #step = Number.NaN;
  #count = Number.NaN;
  #start = Number.NaN;

  constructor(axis: CompareAxis) {
    this.#axis = axis;
  }

  /** The series by name, in the order of the log. */
  get seriesByName(): ReadonlyMap<string, BlockSeries> {
    this.#place();
    return this.#series;
  }

  series(name: string): number {
    const handle = this.#byHandle.length;
    if (countedAxis(name) === this.#axis) this.#counters.add(handle);
    const blocks = new BlockSeries();
    this.#byHandle.push(blocks);
    this.#series.set(name, blocks);
    return handle;
  }

  point(series: number, value: number, { step, epoch, time }: Readonly<Place>): void {
    switch (this.#axis) {
      case "step":
        this.#byHandle[series]!.add(step, value);
        return;
      case "epoch":
        this.#byHandle[series]!.add(epoch, value);
        return;
      case "time":
        if (Number.isNaN(this.#start)) this.#start = time;
        this.#byHandle[series]!.add(time - this.#start, value);
        return;
      default:
        if (step !== this.#step) this.#place();
        this.#step = step;
        if (this.#counters.has(series)) this.#count = value;
        this.#waiting.push(series, value);
    }
  }

  event(): void {
    // Points alone are compared.
  }

  #place(): void {
    for (let i = 0; i < this.#waiting.length; i += 2)
      this.#byHandle[this.#waiting[i]!]!.add(this.#count, this.#waiting[i + 1]!);
    this.#waiting = [];
  }
}
