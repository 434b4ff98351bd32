import { statSync } from "node:fs";
import type { LineCounts, FormatChoice } from "@lossflow/logs";
import { followRun, type DescriptorBudget, type FollowedRun, type Run } from "@lossflow/logs/node";
import { mainMetric } from "../compute/main-metric.ts";
import { RunFold } from "../compute/run-fold.ts";
import { RunPlots } from "../plot/run-plots.ts";

/** What a followed run is doing. */
export type LiveState = "waiting" | "following" | "ended";

/** How to follow a run. */
export interface LiveRunOptions {
  readonly signal: AbortSignal;
  readonly format?: FormatChoice | undefined;
  readonly budget: DescriptorBudget;
  /** Tells which metrics are watched as losses are, whatever their names. */
  readonly judged: ((name: string) => boolean) | null;
  /** The resolution that the points are kept in for charts, null where they are not. */
  readonly plots: number | null;
  /** Called when a file is not there, cannot be read, or is there again. */
  readonly tell: (sentence: string) => void;
}

/** One run that is followed while it grows: its figures, and what a status line says of it. */
export class LiveRun {
  readonly name: string;
  readonly source: string;
  readonly fold: RunFold;
  /** The series as charts draw them, null where they are not kept. */
  readonly plots: RunPlots | null;
  /** Resolves after the signal, or at the end of standard input. */
  readonly done: Promise<void>;
  state: LiveState = "following";
  /** When the last byte came, in milliseconds since 1970; null before the first. */
  lastByte: number | null = null;
  readonly #followed: FollowedRun;
  #caughtUp = false;

  constructor(run: Run, options: LiveRunOptions) {
    this.name = run.name;
    this.source = run.source;
    this.plots = options.plots === null ? null : new RunPlots(options.plots);
    this.fold = new RunFold({
      ...(this.plots === null ? {} : { also: this.plots }),
      judged: options.judged,
      clock: () => (this.#caughtUp ? Date.now() / 1000 : Number.NaN),
    });
    this.#followed = followRun(run, this.fold, {
      signal: options.signal,
      budget: options.budget,
      ...(options.format === undefined ? {} : { format: options.format }),
      onFile: (path, state) => {
        if (state === "missing") {
          this.state = "waiting";
          options.tell(`${path} is not there; waiting for it.`);
        } else if (state === "unreadable") {
          this.state = "waiting";
          options.tell(`${path} cannot be read just now; trying again.`);
        } else if (state === "found") {
          this.state = "following";
        }
      },
      onPass: (changed) => {
        if (changed) this.lastByte = this.#caughtUp ? Date.now() : latestChange(run.paths);
        if (!this.#caughtUp && this.lastByte !== null) this.fold.catchUp(this.lastByte / 1000);
        this.#caughtUp = true;
      },
    });
    this.done = this.#followed.done.then(() => {
      if (!options.signal.aborted) this.state = "ended";
    });
  }

  /** Whether everything that was there when the following began has been read. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  get format(): string | null {
    const { format } = this.#followed.reading();
    return format === "unknown" ? null : format;
  }

  get confidence(): number {
    return this.#followed.reading().confidence;
  }

  get lines(): LineCounts {
    return this.#followed.reading().lines;
  }

  /** Bytes read of the files as they are now; null for standard input. */
  get bytes(): number | null {
    const positions = this.#followed.position();
    return positions.length === 0 ? null : positions.reduce((sum, { offset }) => sum + offset, 0);
  }

  mainMetric(): string | null {
    return mainMetric(this.fold.metrics.map((metric) => metric.name));
  }
}

/** The latest modification time of files, in milliseconds since 1970; now for standard input. */
function latestChange(paths: readonly string[]): number {
  const times = paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return Math.max(...times);
}
