/** Knows at which step each later segment of a run began: what stands at or beyond it in an earlier one is superseded. */
export class SegmentStarts {
  readonly #starts: { readonly segment: number; readonly step: number }[] = [];

  /** Takes note of a new segment by the step of its first point. */
  open(segment: number, step: number): void {
    // What a later one takes back an earlier one that begins behind it has taken back no more.
    while (this.#starts.length > 0 && this.#starts.at(-1)!.step >= step) this.#starts.pop();
    this.#starts.push({ segment, step });
  }

  /** The first step of a segment's points that a later segment has written again; Infinity where none has. */
  supersededFrom(segment: number): number {
    return this.#starts.find((start) => start.segment > segment)?.step ?? Infinity;
  }
}
