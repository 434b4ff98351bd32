import type { Interval } from "@lossflow/series";
import type { CompareAxis } from "../compute/comparable-run.ts";
import type { ComparedDifference, ComparedRun, Comparison } from "../compute/comparison.ts";
import { powerOfTwo } from "../compute/hint-watch.ts";
import { formatX } from "./axis-text.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { formatTable } from "./table-text.ts";

/** Writes runs side by side: a row a group, then one sentence a difference. */
export function formatComparison(comparison: Comparison, style: Style): string {
  const { axis, at, from, groups, differences, centre } = comparison;
  const metrics = [...new Set(groups.map(({ metric }) => metric))].map(escapeText).join(", ");
  const seeds = groups.some(({ runs }) => runs.length > 1);
  const place = formatX(axis, at);
  const rows = groups.map(({ group, runs, level }) => [
    escapeText(group),
    ...(seeds ? [formatCount(runs.length)] : []),
    formatCount(runs.reduce((sum, { points }) => sum + points, 0)),
    formatCount(runs.reduce((sum, { over }) => sum + over, 0)),
    formatNumber(level.value),
    formatBounds(level, 6),
  ]);
  const lines = [
    `${style.bold(metrics)} at ${place}, ${seeds ? `${centre} of the runs' means` : "means"} from ${formatX(axis, axis === "step" ? Math.ceil(from) : from)} on`,
    "",
    ...formatTable(
      [
        { title: "run" },
        ...(seeds ? [{ title: "runs", align: "right" as const }] : []),
        { title: "points", align: "right" },
        { title: "over", align: "right" },
        { title: centre, align: "right" },
        { title: "95 %", align: "right" },
      ],
      rows,
      style,
    ),
    "",
    ...differences.map((difference) => formatDifference(difference, place)),
    ...groups.flatMap(({ runs }) =>
      runs.flatMap((run) => [...formatBetween(run), ...formatNotFinite(run, axis)]),
    ),
  ];
  for (const { group, level } of groups.slice(1)) {
    const ratio = level.value / groups[0]!.level.value;
    if (powerOfTwo(ratio) !== null)
      lines.push(
        style.dim(
          `hint: ${escapeText(group)} is ${formatNumber(ratio, 4)} times ${escapeText(groups[0]!.group)}: a sum over workers or accumulated batches in one of them?`,
        ),
      );
  }
  const lone = groups.filter(({ runs }) => runs.length < 3).map(({ group }) => escapeText(group));
  if (seeds && lone.length > 0)
    lines.push(
      style.dim(
        `An interval over seeds wants ${formatPlural(3, "run")}: ${lone.join(", ")} ${lone.length === 1 ? "has" : "have"} fewer.`,
      ),
    );
  return `${lines.join("\n")}\n`;
}

/** Writes a difference as one sentence: `B is below A by 0.021 [0.012, 0.030] at 2.1 B tokens.` */
function formatDifference({ group, base, difference, verdict }: ComparedDifference, place: string): string {
  const [b, a] = [escapeText(group), escapeText(base)];
  const { value, low, high } = difference;
  if (value === 0) return `${b} and ${a} are the same at ${place}.`;
  const sign = value < 0 ? -1 : 1;
  const direction = value < 0 ? "below" : "above";
  if (low === null || high === null)
    return `${b} is ${direction} ${a} by ${formatNumber(Math.abs(value), 3)} at ${place}; there is too little for an interval.`;
  const digits = digitsFor(low, high);
  const bounds = [low * sign, high * sign].sort((x, y) => x - y) as [number, number];
  const by = `${formatFixed(Math.abs(value), digits)} [${formatFixed(bounds[0], digits)}, ${formatFixed(bounds[1], digits)}]`;
  return verdict === null
    ? `${b} cannot be told from ${a}: ${direction} it by ${by} at ${place}.`
    : `${b} is ${direction} ${a} by ${by} at ${place}.`;
}

/** Says of a mean over no points what it is. */
function formatBetween({ run, over }: ComparedRun): string[] {
  if (over > 0) return [];
  return [
    `${escapeText(run)} has no point there: its figure is read off the line between those before and after.`,
  ];
}

/** Writes what of a run has no value: `B: 280 of 300 points are not finite, from step 20.` */
function formatNotFinite(
  { run, points, notFinite, firstNotFinite }: ComparedRun,
  axis: CompareAxis,
): string[] {
  if (firstNotFinite === null) return [];
  const share = `${formatCount(notFinite)} of ${formatPlural(points + notFinite, "point")}`;
  return [
    `${escapeText(run)}: ${share} ${notFinite === 1 ? "is" : "are"} not finite, from ${formatX(axis, firstNotFinite)}.`,
  ];
}

function formatBounds({ low, high }: Interval, digits: number): string {
  return low === null || high === null
    ? "-"
    : `[${formatNumber(low, digits)}, ${formatNumber(high, digits)}]`;
}

/** Decimals that show the width of an interval with two digits, or three of the bounds where it is rounding alone. */
function digitsFor(low: number, high: number): number {
  const width = high - low;
  const reach = Math.max(Math.abs(low), Math.abs(high));
  if (!(width > 1e-9 * reach))
    return reach > 0 ? Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(reach)))) : 6;
  return Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(width))));
}

function formatFixed(value: number, digits: number): string {
  return value.toFixed(digits);
}
