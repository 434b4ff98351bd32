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
   * @throws LF_BAD_PARAMETER where `every` is not above 0 or `size` is no multiple of it, at most 2^20 times as much; as
   *   RunningLoss.create for options that it does not have.
   */
  constructor(size: number, every: number = size, options?: RunningLossOptions | null) {
    const [all, one] = [numberFrom(size), numberFrom(every)];
    const width = Math.round(all / one);
    // 0.3 is no multiple of 0.1 to the last bit.
    const isMultiple = Math.abs(width * one - all) <= 2 ** -50 * all && all < Infinity;
    if (!(one > 0 && all > 0 && isMultiple && width <= MAX_WIDTH))
      refuse(
        "LF_BAD_PARAMETER",
        "size of windows and the distance between them",
        [size, every],
        "above 0, the first a multiple of the second, at most 2^20 times as much",
      );
    create(options);
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
    const every = this.#every;
    const windows: LossWindow[] = [];
    const panes = [...this.#panes].sort(([a], [b]) => a - b);
    const merged = new MergedPanes(panes, this.#options);
    // The first that has not been taken, or one before it, as the quotient is rounded.
    let next = Math.floor(this.#taken / every) - width;
    for (const [pane, own] of panes) {
      for (let first = Math.max(pane - width + 1, next); first <= pane; first++) {
        const to = (first + width) * every;
        if (to > position) break;
        if (to > this.#taken) {
          const state = width === 1 ? own : merged.between(first, first + width);
          windows.push({ from: first * every, to, state });
        }
        next = first + 1;
      }
    }
    this.#taken = Math.max(this.#taken, position);
    for (const [pane] of panes) {
      if ((pane + width) * every <= this.#taken) this.#panes.delete(pane);
    }
    return windows;
  }
}

/** A row is in so many windows at most. */
const MAX_WIDTH = 2 ** 20;

/**
 * Merges panes, lowest first, into windows that move on: each window is what stands of older panes, merged from the last of them
 * down, and of younger ones, merged as they come in. A pane is merged three times and a window twice, however wide it is.
 */
class MergedPanes {
  readonly #panes: readonly (readonly [pane: number, state: RunningLossState])[];
  readonly #options: RunningLossOptions | null | undefined;
  /** The window has the panes from `low` up to, without, `high`, those before `middle` being the older ones. */
  #low = 0;
  #middle = 0;
  #high = 0;
  /** What the older ones hold together, what they hold without the first, and so on, in reverse. */
  readonly #older: RunningLossState[] = [];
  #younger: RunningLossState;

  constructor(
    panes: readonly (readonly [pane: number, state: RunningLossState])[],
    options: RunningLossOptions | null | undefined,
  ) {
    this.#panes = panes;
    this.#options = options;
    this.#younger = create(options);
  }

  /** What the panes from `from` up to `to` hold; neither may lie before the one that was asked for last. */
  between(from: number, to: number): RunningLossState {
    for (; this.#paneAt(this.#low) < from; this.#low++) this.#older.pop();
    if (this.#low > this.#middle) this.#turn();
    for (; this.#paneAt(this.#high) < to; this.#high++) merge(this.#younger, this.#panes[this.#high]![1]);
    const state = create(this.#options);
    merge(state, this.#younger);
    const older = this.#older.at(-1);
    if (older !== undefined) merge(state, older);
    return state;
  }

  /** Makes all panes of the window older ones. */
  #turn(): void {
    this.#high = Math.max(this.#low, this.#high);
    this.#middle = this.#high;
    this.#younger = create(this.#options);
    for (let k = this.#high - 1; k >= this.#low; k--) {
      const state = create(this.#options);
      merge(state, this.#panes[k]![1]);
      const behind = this.#older.at(-1);
      if (behind !== undefined) merge(state, behind);
      this.#older.push(state);
    }
  }

  #paneAt(k: number): number {
    return this.#panes[k]?.[0] ?? Infinity;
  }
}
