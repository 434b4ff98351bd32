import { RunningLoss } from "@lossflow/core";
import type { LogSink } from "@lossflow/logs";
import type { NamedState } from "./state-batches.ts";

/** Values gathered before they are added: adding many at once is faster. */
const BLOCK = 4_096;

interface OpenState extends NamedState {
  readonly values: Float64Array;
  filled: number;
  added: number;
}

/** Keeps the running state of each series of one run; a point's row is its 0-based index in the series. */
export class SeriesStates implements LogSink {
  readonly #run: string;
  readonly #states: OpenState[] = [];

  constructor(run: string) {
    this.#run = run;
  }

  series(name: string): number {
    const state = RunningLoss.create({ squares: false });
    return (
      this.#states.push({
        of: this.#run,
        name,
        state,
        values: new Float64Array(BLOCK),
        filled: 0,
        added: 0,
      }) - 1
    );
  }

  point(series: number, value: number): void {
    const open = this.#states[series]!;
    open.values[open.filled++] = value;
    if (open.filled === BLOCK) add(open);
  }

  event(): void {
    // Points alone have a state.
  }

  /** The states so far. */
  states(): readonly NamedState[] {
    for (const open of this.#states) add(open);
    return this.#states;
  }
}

function add(open: OpenState): void {
  RunningLoss.addArray(open.state, open.values, { firstRow: open.added, end: open.filled });
  open.added += open.filled;
  open.filled = 0;
}
