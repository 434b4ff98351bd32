import type { CheckReport } from "../compute/check-report.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";

/** Writes how a run was judged: one line a finding, or one that says that all is well. */
export function formatCheck(report: CheckReport, style: Style): string {
  const run = style.bold(escapeText(report.run));
  const lines = report.alerts.map((alert) => {
    const paint = alert.exitCode === 10 ? style.yellow : style.red;
    return `${paint(alert.kind.padEnd(10))}  ${run}  ${escapeText(alert.message)}`;
  });
  if (lines.length === 0) {
    const metric = escapeText(report.metric);
    lines.push(
      `${style.green("ok".padEnd(10))}  ${run}  ${metric}: ${formatPlural(report.count, "point")}, ${formatEnd(report)}`,
    );
  }
  for (const { metric, count } of report.notFinite) {
    const name = escapeText(metric);
    lines.push(style.dim(`not judged  ${escapeText(report.run)}  ${name}: ${formatCount(count)} not finite`));
  }
  for (const { message } of report.hints)
    lines.push(style.dim(`hint        ${escapeText(report.run)}  ${escapeText(message)}`));
  return `${lines.join("\n")}\n`;
}

function formatEnd({ last, lastStep, brokenEnd }: CheckReport): string {
  if (last === null) return "none of them finite";
  const finite = `${formatNumber(last)} at step ${formatNumber(lastStep)}`;
  return brokenEnd === null
    ? `last ${finite}`
    : `last ${brokenEnd.value} at step ${formatNumber(brokenEnd.step)} (the last finite one ${finite})`;
}
