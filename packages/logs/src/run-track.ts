import { DecimalsWatch } from "./decimals-watch.ts";
import { deliverRows } from "./deliver-rows.ts";
import { OpenIncidents } from "./open-incidents.ts";
import { RecordClock } from "./record-clock.ts";
import type { RecordRows } from "./record-rows.ts";
import type { EventKind } from "./record.ts";
import { SeriesCourses } from "./series-courses.ts";
import type { LogSink, Place } from "./sink.ts";

/** Places in `RunTrack.axes`. The last two, a progress bar's position and the steps of an epoch, are none of the run's axes. */
export const STEP_AXIS = 0;
export const EPOCH_AXIS = 1;
export const TIME_AXIS = 2;
export const RANK_AXIS = 3;
export const POSITION_AXIS = 4;
export const LENGTH_AXIS = 5;

/**
 * Keeps one run's place while readers walk its files: the step, epoch and time of the record at hand, the segment, the
 * last step of each series, the incidents that still last.
 *
 * A step below the last one of its series, with an epoch that did not go forward, opens a new segment and one `resume`
 * event for the whole run. Logs that count steps anew in each epoch are therefore no resumes.
 */
export class RunTrack {
  readonly #sink: LogSink;
  readonly #handles = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #sinkHandles: number[] = [];
  #counts = new Float64Array(64);
  readonly #courses = new SeriesCourses();
  readonly #decimals = new DecimalsWatch();
  readonly #clock = new RecordClock();
  readonly #incidents: OpenIncidents;
  readonly #place: Place = { step: NaN, epoch: NaN, time: NaN, rank: -1, segment: 0 };
  #step = NaN;
  #ordered = false;
  #recaps = false;
  #carriedStep = NaN;
  #carriedEpoch = NaN;
  #mainRank = -1;
  #records = 0;
  #points = 0;
  readonly #columns: Float64Array[] = [];

  /** Where the next record stands, by axis: NaN, or -1 for the rank, where it does not say. */
  readonly axes: Float64Array = new Float64Array([NaN, NaN, NaN, -1, NaN, NaN]);
  /** Steps may come in any order (MLflow): going back is no resume. */
  unordered = false;

  constructor(sink: LogSink) {
    this.#sink = sink;
    this.#incidents = new OpenIncidents(sink);
  }

  /** 1 + the resumes, restarts and rewrites so far. */
  get segments(): number {
    return this.#place.segment + 1;
  }

  /** Points so far. */
  get points(): number {
    return this.#points;
  }

  /** The names of the series so far, in order of appearance. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Opens the series `name`, or finds it; the handle is the track's own. */
  series(name: string): number {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const handle = this.#names.length;
    if (handle === this.#counts.length) this.#grow();
    this.#handles.set(name, handle);
    this.#courses.open(name);
    this.#names.push(name);
    this.#sinkHandles.push(this.#sink.series(name));
    return handle;
  }

  /** Begins a record that states its own place (NaN, -1: not stated): its points stand at its step, else its epoch. */
  begin(step: number, epoch: number, time: number, rank: number): void {
    const { axes } = this;
    axes[STEP_AXIS] = step;
    axes[EPOCH_AXIS] = epoch;
    axes[TIME_AXIS] = time;
    axes[RANK_AXIS] = rank;
    this.beginRecord();
  }

  /** Begins a record whose place stands in `axes`. */
  beginRecord(): void {
    const { axes } = this;
    const step = axes[STEP_AXIS]!;
    const epoch = axes[EPOCH_AXIS]!;
    const rank = axes[RANK_AXIS]!;
    this.#records++;
    const place = this.#place;
    place.epoch = epoch;
    place.time = this.#clock.seconds(axes[TIME_AXIS]!);
    place.rank = rank;
    if (step === step) this.#carriedStep = step;
    if (epoch === epoch) this.#carriedEpoch = epoch;
    if (rank >= 0 && this.#mainRank < 0) this.#mainRank = rank;
    this.#step = step === step ? step : epoch;
    this.#recaps = false;
    this.#ordered = this.#step === this.#step && (rank < 0 || rank === this.#mainRank);
  }

  /** Begins a line of text: what `axes` does not state it has from the lines before it. */
  beginLine(): void {
    const step = this.axes[STEP_AXIS]!;
    const epoch = this.axes[EPOCH_AXIS]!;
    const carriedStep = this.#carriedStep;
    const carriedEpoch = this.#carriedEpoch;
    this.beginRecord();
    if (epoch !== epoch) this.#place.epoch = carriedEpoch;
    if (step !== step) {
      this.#step = carriedStep === carriedStep ? carriedStep : epoch === epoch ? epoch : carriedEpoch;
      this.#ordered = this.#ordered && carriedStep !== carriedStep;
    }
  }

  /** The step and epoch that the next line of text would take over from those before it. */
  get carried(): { readonly step: number; readonly epoch: number } {
    return { step: this.#carriedStep, epoch: this.#carriedEpoch };
  }

  set carried({ step, epoch }: { readonly step: number; readonly epoch: number }) {
    this.#carriedStep = step;
    this.#carriedEpoch = epoch;
  }

  /** Says that the step of the record at hand is no part of the run's course: going back there is no resume. */
  standAside(): void {
    this.#ordered = false;
  }

  /** Says that the record at hand tells once more of a step (the best one): it stands aside, and is no point where it was told. */
  recapitulate(): void {
    this.#ordered = false;
    this.#recaps = true;
  }

  /** Adds a point of the record at hand. */
  point(series: number, value: number): void {
    const place = this.#place;
    let step = this.#step;
    if (step === step) {
      if (this.#ordered && !this.unordered) {
        const { epoch } = place;
        if (this.#courses.goesBack(series, step, epoch, place.segment)) this.#resume(series, step);
        this.#courses.take(series, step, epoch, place.segment);
      } else if (this.#recaps && this.#courses.isTold(series, step, place.segment)) return;
    } else {
      step = this.#counts[series]!;
    }
    const count = this.#counts[series]!++;
    if (!this.#decimals.isDone(count)) this.#watchDecimals(series, count + 1, value);
    this.#points++;
    place.step = step;
    this.#sink.point(this.#sinkHandles[series]!, value, place);
  }

  /**
   * Adds records at once, if none of them needs a look by itself; returns whether they were added. They do where they
   * do not state their steps, where these go back, or while the decimals of a series are still counted.
   */
  addRows(rows: RecordRows): boolean {
    const { axes, series } = rows;
    const epochs = axes[EPOCH_AXIS]!;
    const steps = axes[STEP_AXIS] ?? (rows.isText ? null : epochs);
    if (steps === null || axes[RANK_AXIS] !== null || !this.#goesOn(steps, rows)) return false;
    const last = rows.rows - 1;
    const place = this.#place;
    if (axes[STEP_AXIS] !== null) this.#carriedStep = steps[last]!;
    const epoch = epochs ?? this.#constant(0, rows.isText ? this.#carriedEpoch : NaN, rows.rows);
    const time = axes[TIME_AXIS] ?? this.#constant(1, NaN, rows.rows);
    if (axes[TIME_AXIS] !== null) for (let r = 0; r <= last; r++) time[r] = this.#clock.seconds(time[r]!);
    if (epochs !== null) {
      for (let r = 0; r <= last; r++) {
        const stated = epoch[r]!;
        if (!Number.isNaN(stated)) this.#carriedEpoch = stated;
        else if (rows.isText) epoch[r] = this.#carriedEpoch;
      }
    }
    for (const handle of series) {
      this.#counts[handle]! += rows.rows;
      if (this.unordered) continue;
      const second = last > 0 ? steps[1]! : NaN;
      this.#courses.take(handle, steps[0]!, epoch[last]!, place.segment, second, steps[last]);
    }
    this.#records += rows.rows;
    this.#points += rows.rows * series.length;
    this.#step = steps[last]!;
    this.#ordered = true;
    deliverRows(this.#sink, place, {
      rows: rows.rows,
      series: series.map((handle) => this.#sinkHandles[handle]!),
      values: rows.values,
      step: steps,
      epoch,
      time,
      rank: -1,
      segment: place.segment,
    });
    return true;
  }

  /** Opens a new segment: the log began anew (a rewrite, a restart). */
  restart(kind: "rewrite" | "resume", message: string, step?: number): void {
    if (this.#points === 0) return;
    this.#place.segment++;
    this.incident(kind, message, { alone: true, ...(step === undefined ? {} : { step }) });
  }

  /** Reports an incident at the record at hand; the next one of its kind extends it if it follows at once. */
  incident(
    kind: EventKind,
    message: string,
    of: { metric?: string; value?: number; step?: number; alone?: boolean } = {},
  ): void {
    this.#incidents.report({ ...of, kind, message, step: of.step ?? this.#step }, this.#records);
  }

  /** Tells whether steps go on from those of the series, and never back. */
  #goesOn(steps: Float64Array, { rows, series }: RecordRows): boolean {
    for (const handle of series) {
      if (!this.#decimals.isDone(this.#counts[handle]!)) return false;
      if (this.unordered || !this.#courses.isIn(handle, this.#place.segment)) continue;
      if (!(steps[0]! >= this.#courses.lastStep(handle))) return false;
    }
    let last = -Infinity;
    for (let r = 0; r < rows; r++) {
      const step = steps[r]!;
      if (!(step >= last)) return false;
      last = step;
    }
    return true;
  }

  /** A column of what the log does not state: the same value in each row. */
  #constant(column: number, value: number, rows: number): Float64Array {
    let filled = this.#columns[column];
    if (filled === undefined || filled.length < rows) {
      filled = new Float64Array(Math.max(rows, 256)).fill(value);
      this.#columns[column] = filled;
    } else if (!Object.is(filled[0], value)) filled.fill(value);
    return filled.length === rows ? filled : filled.subarray(0, rows);
  }

  /** Notes how finely a loss is printed; after some points it is told once a run. */
  #watchDecimals(series: number, count: number, value: number): void {
    const name = this.#names[series]!;
    const decimals = this.#decimals.add(series, name, count, value);
    if (decimals === null) return;
    const step = 1 / 10 ** decimals;
    const message = `${name} is printed to ${decimals} decimals: changes below ${step} do not show.`;
    this.incident("quantised", message, { metric: name, value: step });
  }

  #resume(series: number, step: number): void {
    const last = this.#courses.lastStep(series);
    this.#place.segment++;
    this.incident("resume", `The log goes back from step ${last} to ${step}: resumed or restarted.`, {
      step,
      alone: true,
    });
  }

  #grow(): void {
    const counts = new Float64Array(this.#counts.length * 2);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
