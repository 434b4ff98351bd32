import type { EventKind } from "./record.ts";
import type { LogSink, Place } from "./sink.ts";

/** Points of a loss after which the number of its decimals is told. */
const QUANTISATION_POINTS = 128;
const COARSE_DECIMALS = 4;

/** Places in `RunTrack.axes`. The last is of a progress bar's position, which is none of the run's axes. */
export const STEP_AXIS = 0;
export const EPOCH_AXIS = 1;
export const TIME_AXIS = 2;
export const RANK_AXIS = 3;
export const POSITION_AXIS = 4;

/** An incident that may still grow. */
interface OpenEvent {
  kind: EventKind;
  step: number | null;
  lastStep: number | null;
  count: number;
  metric: string | null;
  value: number | null;
  message: string;
}

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
  #lastSteps = new Float64Array(64);
  #lastEpochs = new Float64Array(64);
  #lastSegments = new Int32Array(64).fill(-1);
  #decimals = new Uint8Array(64);
  #quantised = false;
  readonly #open = new Map<EventKind, { event: OpenEvent; record: number }>();
  readonly #place: Place = { step: NaN, epoch: NaN, time: NaN, rank: -1, segment: 0 };
  #step = NaN;
  #ordered = false;
  #carriedStep = NaN;
  #carriedEpoch = NaN;
  #mainRank = -1;
  #elapsed = -Infinity;
  #records = 0;
  #points = 0;

  /** Where the next record stands, by axis: NaN, or -1 for the rank, where it does not say. */
  readonly axes: Float64Array = new Float64Array([NaN, NaN, NaN, -1, NaN]);
  /** Steps may come in any order (MLflow): going back is no resume. */
  unordered = false;

  constructor(sink: LogSink) {
    this.#sink = sink;
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
    this.#setTime();
    place.rank = rank;
    if (step === step) this.#carriedStep = step;
    if (epoch === epoch) this.#carriedEpoch = epoch;
    if (rank >= 0 && this.#mainRank < 0) this.#mainRank = rank;
    this.#step = step === step ? step : epoch;
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

  /** Adds a point of the record at hand. */
  point(series: number, value: number): void {
    const place = this.#place;
    let step = this.#step;
    if (step === step) {
      if (this.#ordered && !this.unordered) {
        const epoch = place.epoch;
        if (
          this.#lastSegments[series] === place.segment &&
          step < this.#lastSteps[series]! &&
          !(epoch > this.#lastEpochs[series]! && epoch !== step)
        ) {
          this.#resume(series, step);
        }
        this.#lastSteps[series] = step;
        this.#lastEpochs[series] = epoch;
        this.#lastSegments[series] = place.segment;
      }
    } else {
      step = this.#counts[series]!;
    }
    if (++this.#counts[series]! <= QUANTISATION_POINTS) this.#watchDecimals(series, value);
    this.#points++;
    place.step = step;
    this.#sink.point(this.#sinkHandles[series]!, value, place);
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
    const at = of.step ?? this.#step;
    const step = Number.isNaN(at) ? null : at;
    const open = this.#open.get(kind);
    if (open !== undefined && of.alone !== true && this.#records <= open.record + 1) {
      open.record = this.#records;
      open.event.count++;
      open.event.lastStep = step ?? open.event.lastStep;
      open.event.value = of.value ?? open.event.value;
      return;
    }
    const event: OpenEvent = {
      kind,
      step,
      lastStep: step,
      count: 1,
      metric: of.metric ?? null,
      value: of.value ?? null,
      message,
    };
    this.#open.set(kind, { event, record: this.#records });
    this.#sink.event(event);
  }

  /**
   * Brings the record's time to seconds. Below 1e8 it counts from the start of the run, as long as it never goes back:
   * else it is the duration of a step, and no time.
   */
  #setTime(): void {
    const time = this.axes[TIME_AXIS]!;
    if (time > 1e11) this.#place.time = secondsFromStamp(time);
    else if (!(time < 1e8)) this.#place.time = time;
    else {
      if (time < this.#elapsed) this.#elapsed = Infinity;
      const counts = this.#elapsed !== Infinity;
      if (counts) this.#elapsed = time;
      this.#place.time = counts ? time : NaN;
    }
  }

  /** Notes how finely a loss is printed; after some points it is told once a run. */
  #watchDecimals(series: number, value: number): void {
    if (this.#quantised) return;
    const finest = this.#decimals[series]!;
    if (finest > COARSE_DECIMALS) return;
    this.#decimals[series] = Math.max(finest, decimalsOf(value));
    if (this.#counts[series] !== QUANTISATION_POINTS) return;
    const decimals = this.#decimals[series] ?? 0;
    const name = this.#names[series]!;
    if (decimals < 1 || decimals > COARSE_DECIMALS || !/loss|^(?:train|trl)$/i.test(name)) return;
    this.#quantised = true;
    const step = 1 / 10 ** decimals;
    this.incident(
      "quantised",
      `${name} is printed to ${decimals} decimals: changes below ${step} do not show.`,
      {
        metric: name,
        value: step,
      },
    );
  }

  #resume(series: number, step: number): void {
    const last = this.#lastSteps[series]!;
    this.#place.segment++;
    this.incident("resume", `The log goes back from step ${last} to ${step}: resumed or restarted.`, {
      step,
      alone: true,
    });
  }

  #grow(): void {
    const size = this.#counts.length * 2;
    const grown = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(size);
      to.set(from);
      return to;
    };
    this.#counts = grown(this.#counts);
    this.#lastSteps = grown(this.#lastSteps);
    this.#lastEpochs = grown(this.#lastEpochs);
    const decimals = new Uint8Array(size);
    decimals.set(this.#decimals);
    this.#decimals = decimals;
    const segments = new Int32Array(size).fill(-1);
    segments.set(this.#lastSegments);
    this.#lastSegments = segments;
  }
}

/** Brings stamps in milli-, micro- or nanoseconds since 1970 to seconds, by their size. */
function secondsFromStamp(time: number): number {
  if (time < 1e14) return time / 1e3;
  return time < 1e17 ? time / 1e6 : time / 1e9;
}

/** How many decimals `value` needs, up to one more than is coarse. */
function decimalsOf(value: number): number {
  if (!Number.isFinite(value)) return 0;
  for (let k = 0; k <= COARSE_DECIMALS; k++) {
    const scaled = value * 10 ** k;
    if (Math.abs(scaled - Math.round(scaled)) <= Math.abs(scaled) * 1e-12) return k;
  }
  return COARSE_DECIMALS + 1;
}
