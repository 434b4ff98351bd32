import type { LogSink, Place, RunEvent } from "@lossflow/logs";
import { SeriesPlot } from "./series-plot.ts";

/** An event with its place along every axis; NaN where the log does not say. */
export interface Mark {
  readonly event: RunEvent;
  readonly epoch: number;
  readonly time: number;
}

/** Keeps every series of a run for drawing; stands beside the fold that forms the run's figures. */
export class RunPlots implements LogSink {
  /** A handle is an index here. */
  readonly plots: SeriesPlot[] = [];
  /** In the order they began; an event that lasts still grows. */
  readonly marks: Mark[] = [];
  #start = Number.NaN;
  #epoch = Number.NaN;
  #time = Number.NaN;
  #segments = 1;

  /** 1 + the resumes, restarts and rewrites so far. */
  get segments(): number {
    return this.#segments;
  }

  series(): number {
    return this.plots.push(new SeriesPlot()) - 1;
  }

  point(series: number, value: number, place: Readonly<Place>): void {
    if (Number.isNaN(this.#start)) this.#start = place.time;
    this.#epoch = place.epoch;
    this.#time = place.time - this.#start;
    if (place.segment >= this.#segments) this.#segments = place.segment + 1;
    this.plots[series]!.add(value, place, this.#time);
  }

  event(event: RunEvent): void {
    this.marks.push({ event, epoch: this.#epoch, time: this.#time });
  }
}
