import { numberFrom } from "../input/number-from.ts";
import { refuse } from "../input/refuse.ts";
import { add } from "../state/add-losses.ts";
import { merge } from "../state/merge-states.ts";
import { create, type RunningLossOptions, type RunningLossState } from "../state/running-loss-state.ts";

/** A window over the positions `from <= position < to`, and the losses in it. */
export interface LossWindow {
  readonly from: number;
  readonly to: number;
  readonly state: RunningLossState;
}

/**
 * Cuts a stream of losses into windows of positions (rows, steps, seconds): tumbling ones, or sliding ones that overlap.
 *
 * Window k covers k * every <= position < (k + n) * every, n = size / every, products as float64 has them. Losses are kept in panes of `every`, of which a window is the
 * exact merge, so a sliding window costs no more to add to than a tumbling one, and its figures are those of its own rows
 * to the last bit, in whatever order they came. Only panes that hold rows exist.
 */
export class StepWindows {
  /** How many panes make a window. */
  readonly #width: number;
  readonly #every: number;
  readonly #options: RunningLossOptions | null | undefined;
  readonly #panes: Map<number, RunningLossState> = new Map();
  /** Windows that end here or before have been taken. */
  #taken = -Infinity;

  /**
   * `every` is the distance between the starts of windows; `size` (default) makes them tumble.
   * @throws LF_BAD_PARAMETER where `every` is not above 0 or `size` is no multiple of it.
   */
  constructor(size: number, every: number = size, options?: RunningLossOptions | null) {
    const width = Math.round(size / every);
    // 0.3 is no multiple of 0.1 to the last bit.
    if (!(every > 0 && size > 0 && Math.abs(width * every - size) <= 2 ** -50 * size && size < Infinity))
      refuse(
        "LF_BAD_PARAMETER",
        "size of windows and the distance between them",
        [size, every],
        "above 0, the first a multiple of the second",
      );
    this.#width = width;
    this.#every = every;
    this.#options = options;
  }

  /**
   * Adds the loss of one row at a position; weight and row as RunningLoss.add takes them.
   * @returns false, having added nothing, where a window of that position has been taken: the row comes too late.
   * @throws LF_POSITION where the position is not finite, or so far from 0 that float64 cannot count its window (beyond
   *   2^52 times `every`); as RunningLoss.add does.
   */
  add(position: number, value: number, weight?: number, row?: number): boolean {
    // Further out a window and the one behind it have the same number.
    if (!(Math.abs(numberFrom(position)) <= Math.min(2 ** 52 * this.#every, Number.MAX_VALUE)))
      refuse("LF_POSITION", "position in a window", position, "finite, and within 2^52 windows from 0");
    let pane = Math.floor(position / this.#every);
    // The quotient is rounded, and may stand in the pane beside.
    if (pane * this.#every > position) pane--;
    else if ((pane + 1) * this.#every <= position) pane++;
    if ((pane + 1) * this.#every <= this.#taken) return false;
    const state = this.#panes.get(pane) ?? create(this.#options);
    add(state, value, weight, row);
    // What was refused must leave no window without rows.
    this.#panes.set(pane, state);
    return true;
  }

  /**
   * Takes the windows that end at or before `position`, oldest first, those without rows left out; they will not come
   * again. `Infinity` takes all.
   * @throws LF_POSITION where the position is no number.
   */
  take(position: number): LossWindow[] {
    if (Number.isNaN(numberFrom(position)))
      refuse("LF_POSITION", "position up to which windows are taken", position, "a number");
    const width = this.#width;
    const windows: LossWindow[] = [];
    let next = -Infinity;
    for (const pane of [...this.#panes.keys()].sort((a, b) => a - b)) {
      for (let first = Math.max(pane - width + 1, next); first <= pane; first++) {
        const to = (first + width) * this.#every;
        if (to > position) break;
        if (to > this.#taken)
          windows.push({ from: first * this.#every, to, state: this.#merged(first, width) });
        next = first + 1;
      }
    }
    this.#taken = Math.max(this.#taken, position);
    for (const pane of this.#panes.keys()) {
      if ((pane + this.#width) * this.#every <= this.#taken) this.#panes.delete(pane);
    }
    return windows;
  }

  #merged(first: number, width: number): RunningLossState {
    const state = create(this.#options);
    for (let pane = first; pane < first + width; pane++) {
      const part = this.#panes.get(pane);
      if (part !== undefined) merge(state, part);
    }
    return state;
  }
}
