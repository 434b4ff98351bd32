import type { Explanation } from "../compute/explanation.ts";
import { formatConfidence } from "./confidence-text.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { formatTable } from "./table-text.ts";
import { fitText } from "./text-width.ts";

const SERIES_SHOWN = 12;
const SAMPLE_WIDTH = 72;

/** Writes how a file was understood, for a person. */
export function formatExplanation(explanation: Explanation, style: Style): string {
  const { lines, ignored, metrics } = explanation;
  const facts: [string, string][] = [
    ["format", formatOf(explanation)],
    [
      "lines",
      `${formatPlural(lines.total, "line")}: ${formatCount(lines.read)} read, ${formatCount(lines.ignored)} ignored`,
    ],
    ["series", formatSeries(metrics)],
  ];
  const others = explanation.candidates.filter(({ id }) => id !== explanation.format);
  if (others.length > 0) {
    const list = others.map(({ id, confidence }) => `${id} (${Math.round(confidence * 100)} %)`);
    facts.splice(1, 0, ["or perhaps", list.join(", ")]);
  }
  if (explanation.segments > 1) facts.push(["segments", formatCount(explanation.segments)]);
  const text = [
    style.bold(escapeText(explanation.file)),
    ...facts.map(([name, value]) => `  ${style.dim(name.padEnd(10))}  ${escapeText(value)}`),
  ];
  if (ignored.length > 0) {
    const rows = ignored.map(({ line, text, why }) => [
      formatCount(line),
      fitText(escapeText(text.trim()), SAMPLE_WIDTH),
      escapeText(why),
    ]);
    const columns = [{ title: "line", align: "right" as const }, { title: "not read" }, { title: "why" }];
    text.push("", ...formatTable(columns, rows, style).map((line) => `  ${line}`));
  }
  return `${text.join("\n")}\n`;
}

function formatOf({ format, title, confidence }: Explanation): string {
  if (format === null) return "none that is known";
  const sure = `${formatConfidence(confidence)}, ${Math.round(confidence * 100)} %`;
  return title === null ? `${format} (${sure})` : `${format}: ${title} (${sure})`;
}

function formatSeries(metrics: Explanation["metrics"]): string {
  if (metrics.length === 0) return "none";
  const shown = metrics
    .slice(0, SERIES_SHOWN)
    .map(({ name, count }) => `${name} (${formatPlural(count, "point")})`)
    .join(", ");
  const more = metrics.length - SERIES_SHOWN;
  return more > 0 ? `${shown} and ${formatCount(more)} more` : shown;
}
