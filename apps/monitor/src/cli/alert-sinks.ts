import { appendFileSync } from "node:fs";
import type { Alert, CheckReport } from "../compute/check-report.ts";
import { toJson } from "../format/json-text.ts";
import type { Context } from "./context.ts";
import { postAlert } from "./post-alert.ts";
import { runAlertCommand } from "./run-alert-command.ts";
import { say } from "./say.ts";

/** Where alerts go besides the report. */
export interface AlertSinks {
  /** A shell command, given the event on its standard input. */
  readonly onAlert?: string;
  /** An address that the event is posted to. */
  readonly webhook?: URL;
  /** A file that the event is appended to as a line; `-` is standard output. */
  readonly alerts?: string;
}

/** Sends an alert to all sinks, one after the other. What fails is told and changes nothing else. */
export async function sendAlert(
  context: Context,
  { onAlert, webhook, alerts }: AlertSinks,
  { run, source }: CheckReport,
  alert: Alert,
): Promise<void> {
  const event = toJson({ version: 1, run, source, ...alert });
  if (alerts === "-") context.stdout.write(`${event}\n`);
  else if (alerts !== undefined) appendLine(context, alerts, event);
  if (onAlert !== undefined) await runAlertCommand(context, onAlert, event);
  if (webhook !== undefined) await postAlert(context, webhook, event);
}

function appendLine(context: Context, path: string, line: string): void {
  try {
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    say(context, `--alerts ${path} cannot be written: ${error.message}.`);
  }
}
