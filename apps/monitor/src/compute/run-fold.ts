import type { LogSink, Place, RunEvent } from "@lossflow/logs";
import { SeriesDetectors } from "@lossflow/series";
import { isLossName } from "./main-metric.ts";
import { SeriesSummary } from "./series-summary.ts";

/** Takes what a reader finds in one run: the figures of each series, and what happened, by the log and by the numbers. */
export class RunFold implements LogSink {
  /** Every series in the order of its first point; a handle is an index here. */
  readonly metrics: SeriesSummary[] = [];
  /** In the order they began; an event that lasts still grows. */
  readonly events: RunEvent[] = [];
  readonly #detectors: SeriesDetectors[] = [];

  series(name: string): number {
    this.#detectors.push(new SeriesDetectors(name, isLossName(name)));
    return this.metrics.push(new SeriesSummary(name)) - 1;
  }

  point(series: number, value: number, place: Readonly<Place>): void {
    const { step, time, segment } = place;
    this.metrics[series]!.add(value, step);
    const opened = this.#detectors[series]!.add(step, value, time === time ? time : undefined, segment);
    for (const event of opened) this.events.push(event);
  }

  event(event: RunEvent): void {
    this.events.push(event);
  }

  /** Asks whether the losses have stalled by the clock, `time` in seconds since 1970. */
  idle(time: number): void {
    for (const detectors of this.#detectors) {
      const event = detectors.idle(time);
      if (event !== null) this.events.push(event);
    }
  }
}
