import type { FormatChoice } from "@lossflow/logs";
import type { Context } from "../cli/context.ts";
import { mostSeriousExit } from "../cli/exit-code.ts";
import { readRuns } from "../cli/read-runs.ts";
import { runAlertCommand } from "../cli/run-alert-command.ts";
import { untilFromText } from "../cli/until.ts";
import {
  computeCheckReport,
  type Alert,
  type AlertKind,
  type CheckReport,
  type CheckRules,
} from "../compute/check-report.ts";
import { formatCheck } from "../format/check-text.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";
import { checkLive } from "../live/check-live.ts";

/** Flags of `lossflow check`. */
export interface CheckOptions {
  readonly failOn?: readonly AlertKind[];
  readonly metric?: string;
  readonly maxLoss?: number;
  readonly until?: string;
  readonly onAlert?: string;
  readonly json?: boolean;
  readonly format?: FormatChoice;
}

/**
 * Judges sources by an exit code: read to their ends, or with `--until` followed until then.
 * @throws LF_UNKNOWN_METRIC where a run has no metric of that name.
 */
export async function runCheck(
  context: Context,
  sources: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const rules: CheckRules = {
    failOn: options.failOn ?? ["nan", "divergence"],
    maxLoss: options.maxLoss ?? null,
    metric: options.metric ?? null,
  };
  const until = options.until === undefined ? null : untilFromText(options.until);
  const reports: CheckReport[] = [];
  const alert = async (report: CheckReport, event: Alert): Promise<void> => {
    if (options.onAlert !== undefined) await runAlertCommand(context, options.onAlert, report, event);
  };
  let unread = 0;
  if (until === null) {
    unread = await readRuns(
      context,
      sources,
      { format: options.format, judged: rules.metric },
      ({ run, fold }) => {
        reports.push(computeCheckReport(run, fold, rules));
      },
    );
    for (const report of reports) for (const event of report.alerts) await alert(report, event);
  } else {
    const live = await checkLive(context, sources, { rules, until, format: options.format, alert });
    reports.push(...live.reports);
    unread = live.exitCode;
  }
  const exitCode = mostSeriousExit([unread, ...reports.map((report) => report.exitCode)]);
  if (reports.length === 0) return exitCode;
  const style = styleFor(context.stdout, context.env);
  context.stdout.write(
    options.json === true
      ? `${toJson({ version: 1, exitCode, runs: reports })}\n`
      : reports.map((report) => formatCheck(report, style)).join(""),
  );
  return exitCode;
}
