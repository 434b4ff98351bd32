import type { Figures, LazyGroups, LossResult, LossWindow, Snapshot } from "@lossflow/streaming";
import { formatMetrics } from "./eval-metrics-text.ts";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";
import type { Style } from "./style.ts";
import { formatWindow, formatWindowHead } from "./window-text.ts";
import { formatTable, type TableColumn } from "./table-text.ts";

/** Groups, windows and rows of a loss that a person is shown; `--json` has all. */
const SHOWN = 50;

/** What was asked for, as far as the figures do not say it. */
export interface AskedEval {
  /** The losses as they were written. */
  readonly losses: readonly string[];
  /** The metrics likewise. */
  readonly metrics: readonly string[];
  readonly window: LossWindow | undefined;
}

/** Writes the figures of an evaluation for a person. */
export function formatEval(
  snapshot: Snapshot,
  { losses, metrics, window }: AskedEval,
  elapsedMs: number,
  style: Style,
): string {
  const { results, progress, workers, engine } = snapshot;
  const how = workers === 0 ? "in this thread" : `by ${workers} worker${workers === 1 ? "" : "s"}`;
  const head = `${formatPlural(progress.rows, "row")} in ${formatNumber(elapsedMs / 1000, 3)} s ${how}, engine ${engine}`;
  const parts = [[style.dim(head)]];
  if (results.length > 0) parts.push(formatResults(results, losses, style));
  const { late = 0, missing = 0 } = snapshot.windowless ?? {};
  if (late + missing > 0) {
    const by = window === undefined ? "" : escapeText(formatWindowHead(window));
    parts.push([
      `In no window: ${formatPlural(late, "row")} that came too late, ${formatCount(missing)} without ${by}.`,
    ]);
  }
  for (const [i, result] of results.entries()) {
    const name = losses[i] ?? result.loss;
    if (result.lazyGroups !== undefined) parts.push(formatGroups(name, result, result.lazyGroups, style));
    if (result.windows !== undefined && window !== undefined) {
      const windows = result.windows.slice(0, SHOWN);
      parts.push(
        formatFigures(
          `${name}, by window`,
          [{ title: escapeText(formatWindowHead(window)), align: "right" }],
          windows.map((one) => [formatWindow(window, one)]),
          windows,
          result.windows.length,
          result,
          style,
        ),
      );
    }
    if (result.top !== undefined) parts.push(formatTop(name, result.top, style));
  }
  if (snapshot.metrics !== undefined)
    parts.push(...formatMetrics(snapshot.metrics, metrics, window, SHOWN, style));
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function formatResults(results: readonly LossResult[], losses: readonly string[], style: Style): string[] {
  const names = results.map((result, i) => [losses[i] ?? result.loss, result.reduction]);
  const lines = figuresTable([{ title: "loss" }, { title: "reduction" }], names, results, results, style);
  const warnings = results.flatMap((result, i) => {
    const kinds = [
      [result.nan, "NaN"],
      [result.posInf, "Infinity"],
      [result.negInf, "-Infinity"],
    ] as const;
    const some = kinds
      .filter(([count]) => count !== 0)
      .map(([count, kind]) => `${formatCount(count)} ${kind}`);
    if (some.length === 0) return [];
    return [
      style.red(
        `! ${losses[i] ?? result.loss}: ${formatPlural(result.count, "loss", "losses")}, of which ${some.join(", ")}.`,
      ),
    ];
  });
  return warnings.length > 0 ? [...lines, "", ...warnings] : lines;
}

function formatGroups(name: string, result: LossResult, all: LazyGroups, style: Style): string[] {
  const groups = firstOf(all, SHOWN);
  const columns = Object.keys(groups[0]?.key ?? {});
  const keys = groups.map(({ key }) =>
    columns.map((column) => (key[column] === null ? "(null)" : escapeText(String(key[column])))),
  );
  return formatFigures(
    `${name}, by ${columns.map(escapeText).join(", ")}`,
    columns.map((title) => ({ title: escapeText(title) })),
    keys,
    groups,
    all.length,
    result,
    style,
  );
}

function firstOf<T>(all: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const one of all) {
    if (first.length === most) break;
    first.push(one);
  }
  return first;
}

/** `figures` are the first of `total`. */
function formatFigures(
  title: string,
  head: readonly TableColumn[],
  names: readonly (readonly string[])[],
  figures: readonly Figures[],
  total: number,
  { reduction }: LossResult,
  style: Style,
): string[] {
  const reductions = figures.map(() => ({ reduction }));
  const lines = [style.bold(title), ...figuresTable(head, names, figures, reductions, style)];
  return withRest(lines, total, style);
}

function formatTop(name: string, top: NonNullable<LossResult["top"]>, style: Style): string[] {
  const rows = top
    .slice(0, SHOWN)
    .map(({ row, source, sourceRow, loss, columns = {} }) => [
      formatNumber(loss),
      formatCount(row),
      escapeText(source),
      formatCount(sourceRow),
      ...Object.values(columns).map((value) => escapeText(value === null ? "(null)" : String(value))),
    ]);
  const columns: TableColumn[] = [
    { title: "loss", align: "right" },
    { title: "row", align: "right" },
    { title: "source" },
    { title: "its row", align: "right" },
    ...Object.keys(top[0]?.columns ?? {}).map((title) => ({ title: escapeText(title) })),
  ];
  return withRest([style.bold(`${name}, highest`), ...formatTable(columns, rows, style)], top.length, style);
}

function withRest(lines: string[], total: number, style: Style): string[] {
  return total > SHOWN
    ? [...lines, style.dim(`and ${formatCount(total - SHOWN)} more: --json lists all`)]
    : lines;
}

function figuresTable(
  head: readonly TableColumn[],
  names: readonly (readonly string[])[],
  figures: readonly Figures[],
  reductions: readonly Pick<LossResult, "reduction">[],
  style: Style,
): string[] {
  const right = (title: string): TableColumn => ({ title, align: "right" });
  const broken = figures.some((figure) => figure.count !== figure.finite);
  const columns = [
    ...head,
    right("value"),
    right("over"),
    right("finite"),
    ...(broken ? [right("not finite")] : []),
    right("missing"),
    right("ignored"),
    right("min"),
    right("max"),
    ...(figures[0]?.quantiles ?? []).map(({ p }) => right(`p${formatNumber(100 * p)}`)),
  ];
  const rows = figures.map((figure, i) => [
    ...names[i]!,
    formatNumber(figure.value, 8),
    denominator(figure, reductions[i]!.reduction),
    formatCount(figure.finite),
    ...(broken ? [formatCount(BigInt(figure.count) - BigInt(figure.finite))] : []),
    formatCount(figure.missing),
    formatCount(figure.ignored),
    formatNumber(figure.min),
    formatNumber(figure.max),
    ...(figure.quantiles ?? []).map(({ value }) => formatNumber(value, 3)),
  ]);
  const key = head.length;
  return formatTable(columns, rows, style, (cell, _row, column) =>
    column < key
      ? style.cyan(cell)
      : column === key
        ? style.bold(cell)
        : broken && column === key + 3
          ? style.red(cell)
          : cell,
  );
}

/** What the weighted sum was divided by; nothing for a sum. */
function denominator(figures: Figures, reduction: LossResult["reduction"]): string {
  if (reduction === "sum") return "";
  if (reduction === "mean_by_count") return formatCount(figures.finite);
  if (reduction === "mean") return formatNumber(figures.weightSum);
  return "";
}
