import type { LogSink, Place, RunEvent } from "@lossflow/logs";
import { SeriesDetectors, type SeriesRole, ZeroDetector, type ZeroIncident } from "@lossflow/series";
import type { Hint } from "./hint.ts";
import { HintWatch } from "./hint-watch.ts";
import { RunEvents } from "./run-events.ts";
import { HeldOutWatch } from "./held-out-watch.ts";
import { isGradientNormName, isLossName } from "./main-metric.ts";
import { SeriesSummary } from "./series-summary.ts";

/** Stretches of zeros that are told of at most. */
const MOST_ZEROS = 1_000;

/** What a fold needs besides the points. */
export interface RunFoldOptions {
  /** Tells which metrics are watched as losses are, whatever their names. */
  readonly judged?: ((name: string) => boolean) | null;
  /** Takes everything as well, events that the numbers tell of included; an event after its last point. */
  readonly also?: LogSink;
  /** Seconds since 1970 while the run is followed live, NaN while what was there before is read. */
  readonly clock?: () => number;
}

/** Takes what a reader finds in one run: the figures of each series, and what happened, by the log and by the numbers. */
export class RunFold implements LogSink {
  /** Every series in the order of its first point; a handle is an index here. */
  readonly metrics: SeriesSummary[] = [];
  /** The first stretches in which a loss is exactly 0; they grow as events do. */
  readonly zeros: (ZeroIncident & { readonly kind: "zero" })[] = [];
  readonly #events = new RunEvents();
  readonly #detectors: SeriesDetectors[] = [];
  /** One a loss, null for other series. */
  readonly #zeros: (ZeroDetector | null)[] = [];
  readonly #heldOut: HeldOutWatch = new HeldOutWatch();
  readonly #hints: HintWatch = new HintWatch();
  readonly #judged: ((name: string) => boolean) | null;
  readonly #clock: (() => number) | null;
  readonly #also: LogSink | null;
  /** The latest point by the log's time, and when it came by the clock: both run at the same rate from there. */
  #logTime = Number.NaN;
  #arrival = Number.NaN;

  constructor(options: RunFoldOptions = {}) {
    this.#judged = options.judged ?? null;
    this.#clock = options.clock ?? null;
    this.#also = options.also ?? null;
  }

  /** In the order they began; an event that lasts still grows. See {@link RunEvents} for what bounds them. */
  get events(): readonly RunEvent[] {
    return this.#events.list;
  }

  /** Those of `events` that stand for several, and grow with each. */
  get gathered(): readonly RunEvent[] {
    return this.#events.gathered;
  }

  series(name: string): number {
    this.#detectors.push(new SeriesDetectors(name, this.#roleOf(name)));
    this.#zeros.push(this.#roleOf(name) === "loss" ? new ZeroDetector(name) : null);
    this.#heldOut.series(name);
    this.#hints.series(this.metrics.length, name);
    this.#also?.series(name);
    return this.metrics.push(new SeriesSummary(name)) - 1;
  }

  point(series: number, value: number, place: Readonly<Place>): void {
    const { step, segment } = place;
    this.metrics[series]!.add(value, step);
    this.#also?.point(series, value, place);
    const opened = this.#detectors[series]!.add(step, value, this.#timeOf(place.time), segment);
    this.#hints.point(series, value, place);
    const overfit = this.#heldOut.point(series, value, place);
    for (const event of opened) {
      // A held-out loss that rises beside a falling one is told already.
      if (event.kind !== "divergence" || !this.#heldOut.isRising(series)) this.event(event);
    }
    if (overfit !== null) this.event(overfit);
    const zero = this.#zeros[series]?.add(step, value) ?? null;
    // A loss that is 0 now and then is so a million times as well.
    if (zero !== null && this.zeros.length < MOST_ZEROS)
      this.zeros.push(Object.assign(zero, { kind: "zero" as const }));
  }

  event(event: RunEvent): void {
    const added = this.#events.add(event);
    if (added !== null) this.#also?.event(added);
  }

  /** What the numbers say of how they were made, which is no event; `format` is the reader's id. */
  hints(format: string): Hint[] {
    const zeros = this.zeros.map(({ metric, step, message }): Hint => ({
      kind: "zero",
      metric,
      step,
      message,
    }));
    return [...this.#hints.hints(format), ...zeros];
  }

  /** Says when the last of the points that were there before came, by the clock. */
  catchUp(arrival: number): void {
    this.#arrival = arrival;
  }

  /** Asks whether the losses have stalled, `now` by the clock. */
  idle(now: number): void {
    const time = this.#logTime + (now - this.#arrival);
    if (Number.isNaN(time)) return;
    for (const detectors of this.#detectors) {
      const event = detectors.idle(time);
      if (event !== null) this.event(event);
    }
  }

  #roleOf(name: string): SeriesRole {
    if (isLossName(name) || this.#judged?.(name) === true) return "loss";
    return isGradientNormName(name) ? "gradient norm" : "other";
  }

  /** The log's own time where it has one; else, live, that of the clock. */
  #timeOf(logged: number): number | undefined {
    const arrival = this.#clock === null ? Number.NaN : this.#clock();
    const time = Number.isNaN(logged) ? arrival : logged;
    if (Number.isNaN(time)) return undefined;
    this.#logTime = time;
    this.#arrival = arrival;
    return time;
  }
}
