/**
 * Brings the times of a run's records to seconds. Below 1e8 they count from the start of the run, as long as they never
 * go back: else they are durations of steps, and no times.
 */
export class RecordClock {
  #elapsed = -Infinity;

  /** NaN where the record does not say when. */
  seconds(time: number): number {
    if (time > 1e11) return secondsFromStamp(time);
    if (!(time < 1e8)) return time;
    if (time < this.#elapsed) this.#elapsed = Infinity;
    if (this.#elapsed === Infinity) return NaN;
    this.#elapsed = time;
    return time;
  }
}

/** Brings stamps in milli-, micro- or nanoseconds since 1970 to seconds, by their size. */
function secondsFromStamp(time: number): number {
  if (time < 1e14) return time / 1e3;
  return time < 1e17 ? time / 1e6 : time / 1e9;
}
