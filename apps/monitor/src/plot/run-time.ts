import type { Axis } from "./axis.ts";

/** Plain data of a {@link RunTime}: the first and the last time stated, and the gaps as `from, to, cut` one after another. */
export interface RunTimeState {
  readonly start: number | null;
  readonly gaps: readonly number[];
}

/** Times below are seconds since a run's start, above seconds since 1970. */
const ABSOLUTE = 1e8;
/** A pause of ten minutes, and of twenty times the usual one, is a gap. */
const LONGEST_PAUSE = 600;
const UNUSUAL = 20;
/** How fast what is usual follows. */
const PACE = 0.1;
/** Gaps kept at most, three numbers each; later ones stay in the active time. */
const MOST_GAPS = 1_024;

/**
 * Keeps how the time of a run goes: when it started and where it stood still. A gap is the pause before a resume, and
 * one of at least ten minutes that is twenty times as long as is usual for the log; what is usual stays in the active time.
 */
export class RunTime {
  #start = Number.NaN;
  #last = Number.NaN;
  #segment = 0;
  #usual = Number.NaN;
  readonly #gaps: number[] = [];

  /** A run's time from its plain data. */
  static from({ start, gaps }: RunTimeState): RunTime {
    const time = new RunTime();
    time.#start = start ?? Number.NaN;
    time.#gaps.push(...gaps);
    return time;
  }

  get state(): RunTimeState {
    return { start: Number.isNaN(this.#start) ? null : this.#start, gaps: this.#gaps };
  }

  /** Takes the time of a point, NaN where it states none. */
  add(time: number, segment: number): void {
    if (Number.isNaN(time)) return;
    if (Number.isNaN(this.#start)) this.#start = this.#last = time;
    const pause = time - this.#last;
    if (pause <= 0) return;
    const usual = Number.isNaN(this.#usual) ? 0 : this.#usual;
    const isGap =
      segment !== this.#segment || (pause >= LONGEST_PAUSE && usual > 0 && pause >= UNUSUAL * usual);
    if (isGap && this.#gaps.length < 3 * MOST_GAPS)
      this.#gaps.push(this.#last, time, Math.max(0, pause - usual));
    else this.#usual = usual === 0 ? pause : usual + PACE * (pause - usual);
    this.#last = time;
    this.#segment = segment;
  }

  /** How to get from a stated time to a place on an axis of time; null where the log does not tell. */
  mapTo(axis: Axis): ((time: number) => number) | null {
    const start = this.#start;
    if (axis === "time") return (time) => time - start;
    if (axis === "active") return (time) => time - start - this.#cutBefore(time);
    return start >= ABSOLUTE ? (time) => time : null;
  }

  /** Seconds of gaps before a time; within a gap it stands still. */
  #cutBefore(time: number): number {
    let cut = 0;
    for (let k = 0; k < this.#gaps.length && this.#gaps[k]! < time; k += 3)
      cut += Math.max(0, Math.min(this.#gaps[k + 2]!, time - this.#gaps[k]!));
    return cut;
  }
}
