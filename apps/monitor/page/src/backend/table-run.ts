import { ExactSum } from "@lossflow/core";
import type { WindowFigures } from "@lossflow/streaming";
import { RunFold } from "../../../src/compute/run-fold.ts";
import type { BoardRun } from "../../../src/plot/run-board.ts";
import { RunPlots } from "../../../src/plot/run-plots.ts";

/** A loss over a dropped table as a run: its mean over each window of rows, and over all rows so far. */
export class TableRun implements BoardRun {
  readonly name: string;
  readonly source: string;
  readonly plots: RunPlots = new RunPlots();
  readonly fold: RunFold = new RunFold({ also: this.plots });
  readonly lastByte: number | null;
  readonly format = "table";
  readonly lines = { total: 0, read: 0, ignored: 0 };
  state: BoardRun["state"] = "following";
  readonly #windowed: number;
  readonly #running: number;
  readonly #sum = new ExactSum();
  readonly #weight = new ExactSum();
  #taken = 0;

  constructor(file: File, loss: string, rows: number) {
    this.name = `${file.name} · ${loss}`;
    this.source = file.name;
    this.lastByte = file.lastModified;
    this.#windowed = this.fold.series(`${loss}: mean of ${rows} rows`);
    this.#running = this.fold.series(`${loss}: mean of all rows so far`);
  }

  /** Takes the windows that are complete: all of them once the table has been read, else all but the last. */
  take(windows: readonly WindowFigures[], done: boolean): void {
    const end = done ? windows.length : windows.length - 1;
    for (; this.#taken < end; this.#taken++) {
      const { to, mean, sum, weightSum } = windows[this.#taken]!;
      const place = { step: to, epoch: Number.NaN, time: Number.NaN, rank: -1, segment: 0 };
      if (mean !== null) this.fold.point(this.#windowed, mean, place);
      if (!Number.isFinite(sum) || !Number.isFinite(weightSum)) continue;
      this.#sum.add(sum);
      this.#weight.add(weightSum);
      const running = this.#sum.quotient(this.#weight);
      if (!Number.isNaN(running)) this.fold.point(this.#running, running, place);
    }
    if (done) this.state = "ended";
  }
}
