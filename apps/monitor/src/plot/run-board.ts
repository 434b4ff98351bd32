import { LossflowError } from "@lossflow/core";
import type { LineCounts } from "@lossflow/logs";
import type { RunFold } from "../compute/run-fold.ts";
import type { RunPlots } from "./run-plots.ts";
import type { RunHead } from "./run-state.ts";
import type { SeriesWindow } from "./series-window.ts";
import type { WindowRequest } from "./window-request.ts";

/** A run that can be looked at: read, being read, or followed. */
export interface BoardRun {
  readonly name: string;
  readonly source: string;
  readonly state: RunHead["state"];
  readonly lastByte: number | null;
  readonly format: string | null;
  readonly lines: LineCounts;
  readonly fold: RunFold;
  readonly plots: RunPlots;
}

/** The runs that a page looks at, each under an opaque id. */
export class RunBoard {
  readonly #runs: () => readonly BoardRun[];
  readonly #prefix: string;

  /** `runs` is read anew at each look: runs may join at its end, and never leave. */
  constructor(runs: () => readonly BoardRun[], prefix: string = "r") {
    this.#runs = runs;
    this.#prefix = prefix;
  }

  /** Every run so far with its id. */
  entries(): { readonly id: string; readonly run: BoardRun }[] {
    return this.#runs().map((run, k) => ({ id: `${this.#prefix}${k}`, run }));
  }

  /**
   * Folds each asked series into pixel columns, in the order asked.
   * @throws LF_UNKNOWN_SERIES where there is no such run or series.
   */
  windows(request: WindowRequest): SeriesWindow[] {
    const runs = this.#runs();
    const { series, ...window } = request;
    return series.map(({ run, metric }) => {
      const index = run.startsWith(this.#prefix) ? Number(run.slice(this.#prefix.length)) : Number.NaN;
      const plot = runs[index]?.plots.plots[metric];
      if (plot === undefined)
        throw new LossflowError("LF_UNKNOWN_SERIES", `There is no series ${metric} of a run ${run}.`);
      return plot.window(window);
    });
  }
}
