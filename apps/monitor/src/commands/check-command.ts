import { readFileSync } from "node:fs";
import { type AlertSinks, alertSender } from "../cli/alert-sinks.ts";
import type { Context } from "../cli/context.ts";
import { EXIT, mostSeriousExit } from "../cli/exit-code.ts";
import { readRuns } from "../cli/read-runs.ts";
import { say } from "../cli/say.ts";
import { untilFromText } from "../cli/until.ts";
import { UsageError } from "../cli/usage-error.ts";
import { type CheckReport, type CheckRules, computeCheckReport } from "../compute/check-report.ts";
import { formatCheck } from "../format/check-text.ts";
import { toJson } from "../format/json-text.ts";
import { styleFor } from "../format/style.ts";
import { checkLive } from "../live/check-live.ts";
import { judgedBy } from "../rules/judged-by.ts";
import type { Rule } from "../rules/rule.ts";
import { type AlertKind, rulesFromFlags } from "../rules/rules-from-flags.ts";

/** Flags of `lossflow check`. */
export interface CheckOptions extends AlertSinks {
  readonly failOn?: readonly AlertKind[];
  readonly metric?: string;
  readonly maxLoss?: number;
  readonly until?: string;
  /** A rules file. */
  readonly rules?: string;
  readonly json?: boolean;
  readonly format?: string;
}

/**
 * Judges sources by an exit code: read to their ends, or with `--until` followed until then.
 * @throws LF_UNKNOWN_METRIC where a run has no metric of that name; LF_USAGE with the line of a rule that is wrong.
 */
export async function runCheck(
  context: Context,
  sources: readonly string[],
  options: CheckOptions,
): Promise<number> {
  if (options.json === true && options.alerts === "-")
    throw new UsageError("--alerts - and --json both print JSON: choose one.");
  const fromFile = options.rules === undefined ? [] : await readRules(options.rules);
  const failOn = options.failOn ?? (options.rules === undefined ? ["nan", "divergence"] : []);
  const rules: CheckRules = {
    rules: [...rulesFromFlags(failOn, options.maxLoss ?? null), ...fromFile],
    metric: options.metric ?? null,
  };
  const until = options.until === undefined ? null : untilFromText(options.until);
  const reports: CheckReport[] = [];
  const codes: number[] = [];
  const seen = new Set<string>();
  const alert = alertSender(context, options);
  if (until === null) {
    const code = await readRuns(
      context,
      sources,
      { format: options.format, judged: judgedBy(rules) },
      ({ run, fold, reading }) => {
        for (const { name } of fold.metrics) seen.add(name);
        reports.push(computeCheckReport({ ...run, format: reading.format }, fold, rules));
      },
    );
    codes.push(code);
    for (const report of reports) for (const event of report.alerts) await alert(report, event);
  } else {
    const live = await checkLive(context, sources, { rules, until, format: options.format, alert });
    reports.push(...live.reports);
    codes.push(live.exitCode);
    for (const name of live.metrics) seen.add(name);
  }
  if (reports.length > 0) codes.push(...refuseIdleRules(context, fromFile, options.rules ?? "", seen));
  const exitCode = mostSeriousExit([...codes, ...reports.map((report) => report.exitCode)]);
  if (reports.length === 0 || options.alerts === "-") return exitCode;
  const style = styleFor(context.stdout, context.env);
  context.stdout.write(
    options.json === true
      ? `${toJson({ version: 1, exitCode, runs: reports })}\n`
      : reports.map((report) => formatCheck(report, style)).join(""),
  );
  return exitCode;
}

async function readRules(path: string): Promise<Rule[]> {
  const { rulesFromText } = await import("../rules/rules-from-text.ts");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(
      `--rules ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return rulesFromText(text, path);
}

/** Says which rules no series answers to: they would never fail, whatever happens. */
function refuseIdleRules(
  context: Context,
  rules: readonly Rule[],
  path: string,
  metrics: ReadonlySet<string>,
): number[] {
  const names = [...metrics];
  const idle = rules.filter(
    ({ verb, metric }) => verb !== "ignore" && metric !== null && !names.some(metric),
  );
  for (const { line } of idle)
    say(context, `${path}, line ${line}: no run has a metric of that name; there are ${names.join(", ")}.`);
  return idle.map(() => EXIT.data);
}
