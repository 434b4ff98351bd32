import type { FormatChoice } from "@lossflow/logs";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import type { LossColumns } from "../cli/loss-job.ts";
import { readRuns } from "../cli/read-runs.ts";
import { say } from "../cli/say.ts";
import { UsageError } from "../cli/usage-error.ts";
import { ExportOutput, type ExportTarget } from "../export/export-output.ts";
import { PointBatches, POINT_COLUMNS } from "../export/point-batches.ts";
import { SeriesStates } from "../export/series-states.ts";
import { batchFromStates, type NamedState, STATE_COLUMNS } from "../export/state-batches.ts";
import { formatNameList } from "../format/name-list.ts";
import { formatPlural } from "../format/plural-text.ts";

/** Flags of `lossflow export`. */
export interface ExportOptions extends ExportTarget, LossColumns {
  /** The series to export; all where absent. */
  readonly metric?: readonly string[];
  /** The running states instead of points or losses. */
  readonly state?: boolean;
  readonly format?: FormatChoice;
}

/**
 * Writes the points of logs, the losses of rows (with --loss), or the running state of either, as a table. The file
 * appears under its name only when it is whole.
 * @throws LF_USAGE; LF_OUT_UNWRITABLE; LF_* for refused data.
 */
export async function runExport(
  context: Context,
  sources: readonly string[],
  options: ExportOptions,
): Promise<number> {
  const output = new ExportOutput(context, options);
  try {
    const exitCode =
      options.loss === undefined
        ? await exportLogs(context, sources, options, output)
        : await exportLosses(context, sources, options, output);
    if (exitCode === null) {
      output.discard();
      return EXIT.data;
    }
    await output.commit();
    if (options.out !== undefined)
      say(context, `Wrote ${formatPlural(output.rows, "row")} to ${options.out}.`);
    return exitCode;
  } catch (error) {
    output.discard();
    throw error;
  }
}

/** @returns the exit code, null where there was nothing to export. */
async function exportLogs(
  context: Context,
  sources: readonly string[],
  options: ExportOptions,
  output: ExportOutput,
): Promise<number | null> {
  if (options.target !== undefined || options.prediction !== undefined)
    throw new UsageError("--target and --prediction go with --loss: name the loss to export.");
  const wanted = options.metric === undefined ? null : new Set(options.metric);
  const known = new Set<string>();
  const states: NamedState[] = [];
  let read = 0;
  await output.open(options.state === true ? STATE_COLUMNS : POINT_COLUMNS);
  const exitCode = await readRuns(
    context,
    sources,
    {
      format: options.format,
      sink: (run) =>
        options.state === true
          ? new SeriesStates(run.name)
          : new PointBatches(run.name, wanted, (batch) => output.write(batch)),
    },
    ({ fold, sink }) => {
      read++;
      for (const { name } of fold.metrics) known.add(name);
      if (sink instanceof PointBatches) sink.flush();
      if (sink instanceof SeriesStates)
        states.push(...sink.states().filter(({ name }) => wanted === null || wanted.has(name)));
    },
  );
  for (const name of wanted ?? []) {
    if (read > 0 && !known.has(name)) {
      const names = [...known];
      throw new UsageError(
        `There is no metric ${name}; there are ${formatNameList(names, "and")}.`,
        name,
        names,
      );
    }
  }
  if (options.state === true && states.length > 0) output.write(batchFromStates(states));
  return read > 0 ? exitCode : null;
}

async function exportLosses(
  context: Context,
  sources: readonly string[],
  options: ExportOptions,
  output: ExportOutput,
): Promise<number> {
  if (options.metric !== undefined || options.format !== undefined)
    throw new UsageError("--metric and --format are for logs: leave them out beside --loss.");
  const { exportUnreduced } = await import("../export/export-unreduced.ts");
  await exportUnreduced(context, sources, options, output);
  return EXIT.fine;
}
