import type { FormatChoice } from "@lossflow/logs";
import { readFileSync } from "node:fs";
import type { Incident } from "../backtest/incident.ts";
import { labelsFromText } from "../backtest/labels-from-text.ts";
import { AlarmScores, KINDS } from "../backtest/score-alarms.ts";
import type { Context } from "../cli/context.ts";
import { EXIT, mostSeriousExit } from "../cli/exit-code.ts";
import { readRuns } from "../cli/read-runs.ts";
import { UsageError } from "../cli/usage-error.ts";
import { isWatched } from "../compute/main-metric.ts";
import type { RunFold } from "../compute/run-fold.ts";
import { type BacktestReport, type BacktestRun, formatBacktest } from "../format/backtest-text.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";

/** Flags of `lossflow backtest`. */
export interface BacktestOptions {
  readonly labels?: string;
  /** Repeats of the generated runs; absent where logs are read. */
  readonly planted?: number;
  readonly seed?: number;
  readonly json?: boolean;
  readonly format?: FormatChoice;
}

/**
 * Lets the detectors go over old logs, or over generated ones, and counts their alarms; where labels say what was there,
 * false and missed ones too.
 * @throws LF_USAGE; LF_BAD_LABELS with the line.
 */
export async function runBacktest(
  context: Context,
  sources: readonly string[],
  options: BacktestOptions,
): Promise<number> {
  if (options.planted === undefined && sources.length === 0)
    throw new UsageError("backtest needs a source: a folder of logs, or --planted for generated ones.");
  if (options.planted !== undefined && (sources.length > 0 || options.labels !== undefined))
    throw new UsageError(
      "--planted generates its runs and knows their labels: give neither a source nor --labels.",
    );
  const scores = new AlarmScores();
  const runs: BacktestRun[] = [];
  const add = (run: string, fold: RunFold, incidents: readonly Incident[] | null): void => {
    const alarms = fold.events.filter(({ kind }) => KINDS.includes(kind));
    const falseAlarms = scores.add(alarms, incidents);
    runs.push({ run, steps: stepsOf(fold), labelled: incidents !== null, alarms, falseAlarms });
  };
  const exitCode =
    options.planted === undefined
      ? await addLogs(context, sources, options, add)
      : await addPlanted(context, options.planted, options.seed ?? 1, add);
  if (runs.length === 0) return mostSeriousExit([exitCode, EXIT.data]);
  const report: BacktestReport = { version: 1, kinds: scores.list(), runs };
  const style = styleFor(context.stdout, context.env);
  context.stdout.write(
    options.json === true
      ? `${toJson(report)}\n`
      : formatBacktest(report, options.planted === undefined ? "labelled" : "planted", style),
  );
  return exitCode;
}

type Add = (run: string, fold: RunFold, incidents: readonly Incident[] | null) => void;

async function addLogs(
  context: Context,
  sources: readonly string[],
  { labels: path, format }: BacktestOptions,
  add: Add,
): Promise<number> {
  const labels = path === undefined ? null : readLabels(path);
  const unused = new Set(labels?.keys());
  const exitCode = await readRuns(context, sources, { format }, ({ run, fold }) => {
    unused.delete(run.name);
    add(run.name, fold, labels?.get(run.name) ?? null);
  });
  const [unknown] = unused;
  if (unknown !== undefined)
    throw new UsageError(`${path!} labels the run ${unknown}, which is not among the sources.`);
  return exitCode;
}

function readLabels(path: string): Map<string, Incident[]> {
  try {
    return labelsFromText(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (error instanceof Error && "errno" in error)
      throw new UsageError(`--labels ${path} cannot be read: ${error.message}.`);
    throw error;
  }
}

async function addPlanted(context: Context, repeats: number, seed: number, add: Add): Promise<number> {
  const [{ plantedRuns }, { foldPlanted }] = await Promise.all([
    import("../backtest/planted-runs.ts"),
    import("../backtest/fold-planted.ts"),
  ]);
  for (const { run, incidents } of plantedRuns(seed, repeats)) {
    context.signal.throwIfAborted();
    add(`${run.shape}, ${run.plant}`, foldPlanted(run), incidents);
  }
  return EXIT.fine;
}

/** The points of the series that the detectors watch. */
function stepsOf(fold: RunFold): number {
  return fold.metrics.reduce((sum, { name, count }) => sum + (isWatched(name) ? count : 0), 0);
}
