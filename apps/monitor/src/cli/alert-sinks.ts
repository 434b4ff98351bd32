import { appendFileSync } from "node:fs";
import type { Alert, CheckReport } from "../compute/check-report.ts";
import { toJson } from "../format/json-text.ts";
import type { Context } from "./context.ts";
import { postAlert } from "./post-alert.ts";
import { runAlertCommand } from "./run-alert-command.ts";
import { say } from "./say.ts";
import { whyUnwritable } from "./why-unwritable.ts";

/** Where alerts go besides the report. */
export interface AlertSinks {
  /** A shell command, given the event on its standard input. */
  readonly onAlert?: string;
  /** An address that the event is posted to. */
  readonly webhook?: URL;
  /** A file that the event is appended to as a line; `-` is standard output. */
  readonly alerts?: string;
}

/**
 * Makes what sends an alert to all sinks, one after the other. What fails is told and changes nothing else; a file that
 * cannot be written is told of once.
 */
export function alertSender(
  context: Context,
  { onAlert, webhook, alerts }: AlertSinks,
): (report: CheckReport, alert: Alert) => Promise<void> {
  let isTold = false;
  return async ({ run, source }, alert) => {
    const event = toJson({ version: 1, run, source, ...alert });
    if (alerts === "-") context.stdout.write(`${event}\n`);
    else if (alerts !== undefined) {
      const failure = appendLine(alerts, event);
      if (failure !== null && !isTold) say(context, `--alerts ${alerts} cannot be written: ${failure}.`);
      isTold ||= failure !== null;
    }
    if (onAlert !== undefined) await runAlertCommand(context, onAlert, event);
    if (webhook !== undefined) await postAlert(context, webhook, event);
  };
}

/** @returns why the line could not be written, null where it was. */
function appendLine(path: string, line: string): string | null {
  try {
    appendFileSync(path, `${line}\n`);
    return null;
  } catch (error) {
    return whyUnwritable(error);
  }
}
