import type { RunEvent } from "@lossflow/logs";
import { mainMetric } from "./main-metric.ts";
import type { RunFold } from "./run-fold.ts";
import type { SeriesSummary } from "./series-summary.ts";

/** One line of `watch --json`: the latest point of a metric, its figures so far, and what happened since the last. */
export interface WatchLine {
  readonly version: 1;
  readonly run: string;
  /** null on a line that carries an event of a run without any metric yet. */
  readonly metric: string | null;
  readonly step: number | null;
  readonly value: number | null;
  readonly count: number;
  readonly finite: number;
  readonly sum: number | null;
  /** sum / finite. */
  readonly mean: number | null;
  readonly events: readonly RunEvent[];
}

/** Remembers what of a run has been told, so that each reading tells the rest. */
export class WatchLines {
  readonly #run: string;
  readonly #fold: RunFold;
  #counts: number[] = [];
  #events = 0;
  /** How many points each event that stands for several had when it was told last. */
  readonly #told: Map<RunEvent, number> = new Map();

  constructor(run: string, fold: RunFold) {
    this.#run = run;
    this.#fold = fold;
  }

  /**
   * Takes a line for each metric that has grown since the last call; every event since then stands in exactly one,
   * that of its own metric where it has one. An event that stands for several is told again when it has grown.
   */
  take(): WatchLine[] {
    const { metrics, events, gathered } = this.#fold;
    const due = new Map<SeriesSummary | null, RunEvent[]>();
    metrics.forEach((metric, i) => {
      if (metric.count === (this.#counts[i] ?? 0)) return;
      this.#counts[i] = metric.count;
      due.set(metric, []);
    });
    const fresh = events.slice(this.#events);
    this.#events = events.length;
    for (const event of gathered) {
      if (this.#told.has(event) && this.#told.get(event) !== event.count) fresh.push(event);
      this.#told.set(event, event.count);
    }
    for (const event of fresh) {
      const metric = this.#metricOf(event, due);
      const carried = due.get(metric);
      if (carried === undefined) due.set(metric, [{ ...event }]);
      else carried.push({ ...event });
    }
    return [...due].map(([metric, carried]) => this.#line(metric, carried));
  }

  #metricOf(event: RunEvent, due: ReadonlyMap<SeriesSummary | null, unknown>): SeriesSummary | null {
    const { metrics } = this.#fold;
    const own = metrics.find((metric) => metric.name === event.metric);
    if (own !== undefined) return own;
    const [first] = due.keys();
    if (first !== undefined) return first;
    const main = mainMetric(metrics.map((metric) => metric.name));
    return metrics.find((metric) => metric.name === main) ?? metrics[0] ?? null;
  }

  #line(metric: SeriesSummary | null, events: readonly RunEvent[]): WatchLine {
    const { sum, mean } = metric?.sumAndMean() ?? { sum: null, mean: null };
    const seen = metric !== null && metric.count > 0;
    return {
      version: 1,
      run: this.#run,
      metric: metric?.name ?? null,
      step: seen ? metric.latestStep : (events[0]?.step ?? null),
      value: seen ? metric.latest : null,
      count: metric?.count ?? 0,
      finite: metric?.finite ?? 0,
      sum,
      mean,
      events,
    };
  }
}
