import { isLossflowError } from "@lossflow/core";
import type { LogSink, FormatChoice } from "@lossflow/logs";
import { readRun, type Run, type RunReading } from "@lossflow/logs/node";
import { RunFold } from "../compute/run-fold.ts";
import { formatBytes } from "../format/bytes-text.ts";
import { RunPlots } from "../plot/run-plots.ts";
import type { Context } from "./context.ts";
import { endInputOnStop } from "./end-input-on-stop.ts";
import { EXIT, mostSeriousExit } from "./exit-code.ts";
import { exitCodeFromError } from "./exit-code-from-error.ts";
import { findRuns } from "./find-runs.ts";
import { createProgress } from "./progress.ts";
import { say } from "./say.ts";

/** A run that was read to its end. */
export interface ReadRun {
  readonly run: Run;
  readonly fold: RunFold;
  readonly reading: RunReading;
  /** The series as the web page draws them, null where they were not asked for. */
  readonly plots: RunPlots | null;
  /** What `sink` of the options made for the run. */
  readonly sink: LogSink | null;
}

/** How to read runs. */
export interface ReadRunsOptions {
  /** The id of a format, to skip detection. */
  readonly format?: FormatChoice | undefined;
  /** Tells which metrics are watched as losses are, whatever their names. */
  readonly judged?: ((name: string) => boolean) | null;
  /** Whether the points are kept for the web page. */
  readonly plots?: boolean;
  /** Makes something that takes the points of a run as well. */
  readonly sink?: (run: Run) => LogSink;
}

/**
 * Reads the runs of all sources to their ends, one after the other, and hands each to `take`. What cannot be read is
 * said on standard error and the rest goes on, and files without a metric are passed over in a folder that holds a run;
 * the exit code tells the most serious refusal, 0 where there is none.
 * @throws what is no refusal of data: a wrong `--format`, a fault of the program, the reason of the context's signal.
 */
export async function readRuns(
  context: Context,
  sources: readonly string[],
  { format, judged = null, plots: isPlotted = false, sink: sinkOf }: ReadRunsOptions,
  take: (read: ReadRun) => void,
): Promise<number> {
  endInputOnStop(context, sources);
  const { runs, refusals } = findRuns(sources, context.copied);
  const progress = createProgress(context.stderr);
  const refuse = (error: unknown): void => {
    progress.clear();
    if (!isLossflowError(error) || exitCodeFromError(error) !== EXIT.data) throw error;
    say(context, error.message);
    codes.push(EXIT.data);
  };
  const codes: number[] = [];
  /** Sources that gave a run, and those whose files so far held none: a folder may hold other files besides logs. */
  const fruitful = new Set<string>();
  const barren = new Map<string, unknown>();
  for (const { error } of refusals) refuse(error);
  for (const [i, run] of runs.entries()) {
    const plots = isPlotted ? new RunPlots() : null;
    const sink = sinkOf?.(run) ?? null;
    const also = plots ?? sink;
    const fold = new RunFold({ judged, ...(also === null ? {} : { also }) });
    const place = runs.length > 1 ? `${i + 1} of ${runs.length}: ` : "";
    try {
      const reading = await readRun(run, fold, {
        ...(format === undefined ? {} : { format }),
        signal: context.signal,
        onProgress: (bytes) => progress.show(`reading ${place}${run.name}, ${formatBytes(bytes)}`),
      });
      progress.clear();
      fruitful.add(run.source);
      take({ run, fold, reading, plots, sink });
    } catch (error) {
      const found = run.paths.every((path) => path !== run.source);
      if (found && isLossflowError(error) && error.code === "LF_NO_METRIC") barren.set(run.source, error);
      else refuse(error);
    }
  }
  for (const [source, error] of barren) if (!fruitful.has(source)) refuse(error);
  return mostSeriousExit(codes);
}
