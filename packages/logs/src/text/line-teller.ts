import { textFromBytes } from "../bytes/byte-text.ts";
import { EPOCH_AXIS, LENGTH_AXIS, RANK_AXIS, STEP_AXIS, TIME_AXIS, type RunTrack } from "../run-track.ts";
import { EpochCourse } from "./epoch-course.ts";
import { LENGTH, POSITION, rowShapeFromTargets, type LineMeaning } from "./line-meaning.ts";
import type { LineField, LineReading } from "./line-reading.ts";
import { SeriesUnits } from "./series-units.ts";

/** Points that may wait; those beyond stand at the step before them. */
const MOST_AHEAD = 10_000;

/** Tells a track what lines say: where they stand, their points and their events. */
export class LineTeller {
  readonly #track: RunTrack;
  readonly #course = new EpochCourse();
  readonly #units = new SeriesUnits();
  #isHeralded = false;
  /** Points that wait for the line of their step. */
  #ahead: { readonly series: number; readonly value: number }[] = [];

  constructor(track: RunTrack) {
    this.#track = track;
  }

  /** Whether the next line hangs on those before it: it tells once more what stood before, or points wait for its step. */
  get isAwaited(): boolean {
    return this.#isHeralded || this.#ahead.length > 0;
  }

  /** Tells the points whose step did not come at the last one that did. */
  end(): void {
    if (this.#ahead.length === 0) return;
    this.#track.axes.set([NaN, NaN, NaN, -1]);
    this.#track.beginLine();
    this.#tellAhead();
  }

  /** Works out what lines of a shape mean, read by the `grammar` of that number. */
  meaningOf(reading: LineReading, grammar: number, isRecord: boolean): LineMeaning {
    const { fields, events = [] } = reading;
    const targets = Int32Array.from(fields, (field) => this.targetOf(field));
    const scales = this.#units.scales(fields);
    return {
      grammar,
      targets,
      events,
      isRecord,
      aside: reading.aside === true,
      ahead: reading.ahead === true,
      eventFields: events.map(({ field }) => (field === undefined ? -1 : fields.indexOf(field))),
      scales,
      program: null,
      shape:
        events.length > 0 || reading.aside === true || reading.ahead === true || scales !== null
          ? null
          : rowShapeFromTargets(targets, !isRecord),
      rows: 0,
    };
  }

  /** Tells the values of a line; of the series in `again`, what was said already is left out. */
  tell(
    values: Float64Array,
    meaning: LineMeaning,
    again: ReadonlyMap<number, number>,
    computed?: LineReading,
  ): void {
    const { targets } = meaning;
    const track = this.#track;
    const { axes } = track;
    axes[STEP_AXIS] = computed?.step ?? NaN;
    axes[EPOCH_AXIS] = computed?.epoch ?? NaN;
    axes[TIME_AXIS] = NaN;
    axes[RANK_AXIS] = -1;
    axes[LENGTH_AXIS] = NaN;
    for (let i = 0; i < targets.length; i++) if (targets[i]! < 0) axes[-1 - targets[i]!] = values[i]!;
    const length = axes[LENGTH_AXIS];
    if (length === length) {
      const series = targets.find((target) => target >= 0) ?? -1;
      axes[STEP_AXIS] = this.#course.step(series, axes[EPOCH_AXIS], axes[STEP_AXIS], length);
    }
    if (meaning.ahead && this.#ahead.length < MOST_AHEAD) {
      for (let i = 0; i < targets.length; i++)
        if (targets[i]! >= 0) this.#ahead.push({ series: targets[i]!, value: values[i]! });
      return;
    }
    if (meaning.isRecord) track.beginRecord();
    else track.beginLine();
    if (this.#isHeralded) track.recapitulate();
    else if (meaning.aside) track.standAside();
    this.#isHeralded = computed?.heralds === true;
    if (this.#ahead.length > 0 && !Number.isNaN(axes[STEP_AXIS])) this.#tellAhead();
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if (target >= 0 && !(again.has(target) && Object.is(again.get(target), values[i])))
        track.point(target, values[i]!);
    }
    if (computed?.points !== undefined) {
      for (const { name, value } of computed.points) track.point(track.series(textFromBytes(name)), value);
    }
    if (meaning.events.length > 0) this.#report(values, meaning);
  }

  #tellAhead(): void {
    for (const { series, value } of this.#ahead) this.#track.point(series, value);
    this.#ahead = [];
  }

  /** The series of a field, or what it says of the place: what {@link LineMeaning} calls its target. */
  targetOf(field: LineField): number {
    switch (field.role) {
      case "point":
        return this.#track.series(textFromBytes(field.name ?? ""));
      case "step":
        return -1 - STEP_AXIS;
      case "epoch":
        return -1 - EPOCH_AXIS;
      case "rank":
        return -1 - RANK_AXIS;
      case "position":
        return POSITION;
      case "length":
        return LENGTH;
      default:
        return -1 - TIME_AXIS;
    }
  }

  #report(values: Float64Array, { events, eventFields }: LineMeaning): void {
    events.forEach((event, i) => {
      const value = values[eventFields[i]!];
      if (
        event.only !== undefined &&
        !(value !== undefined && (event.only === "zero" ? value === 0 : value > 0))
      )
        return;
      this.#track.incident(event.kind, event.message, {
        ...(event.metric === undefined ? {} : { metric: textFromBytes(event.metric) }),
        ...(value === undefined ? {} : { value }),
      });
    });
  }
}
