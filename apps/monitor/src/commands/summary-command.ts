import type { FormatChoice } from "@lossflow/logs";
import type { Context } from "../cli/context.ts";
import { readRuns } from "../cli/read-runs.ts";
import { computeRunReport, type RunReport } from "../compute/run-report.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";
import { formatSummary } from "../format/summary-text.ts";

/** Flags of `lossflow summary`. */
export interface SummaryOptions {
  readonly json?: boolean;
  readonly format?: FormatChoice;
}

/** Reads sources to their ends and prints what they hold: a table a run, or one JSON object. */
export async function runSummary(
  context: Context,
  sources: readonly string[],
  options: SummaryOptions,
): Promise<number> {
  const { stdout } = context;
  const reports: RunReport[] = [];
  const style = styleFor(stdout, context.env);
  let printed = 0;
  const exitCode = await readRuns(context, sources, options, ({ run, fold, reading }) => {
    const report = computeRunReport(run, reading, fold);
    if (options.json === true) reports.push(report);
    else {
      const gap = printed++ > 0 ? "\n" : "";
      const columns = stdout.columns || Number.POSITIVE_INFINITY;
      const hints = fold.hints(reading.format);
      stdout.write(gap + formatSummary(report, hints, reading.confidence, style, columns));
    }
  });
  if (reports.length > 0) stdout.write(`${toJson({ version: 1, runs: reports })}\n`);
  return exitCode;
}
