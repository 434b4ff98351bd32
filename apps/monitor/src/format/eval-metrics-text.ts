import type { LossWindow, MetricFigures, MetricResult } from "@lossflow/streaming";
import { escapeText } from "./escape-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";
import type { Style } from "./style.ts";
import { formatTable, type TableColumn } from "./table-text.ts";
import { formatWindow, formatWindowHead } from "./window-text.ts";

/** Writes the metrics of an evaluation for a person; of groups and windows the first `shown`. */
export function formatMetrics(
  metrics: readonly MetricResult[],
  asked: readonly string[],
  window: LossWindow | undefined,
  shown: number,
  style: Style,
): string[][] {
  const names = metrics.map(({ metric }, i) => escapeText(asked[i] ?? metric));
  const parts = [
    figuresTable(
      ["metric"],
      names.map((name) => [name]),
      metrics,
      style,
    ),
  ];
  for (const [i, { matrix, lazyGroups, windows }] of metrics.entries()) {
    const title = (by: string): string => style.bold(`${names[i]}, by ${escapeText(by)}`);
    if (metrics[i]!.metric === "confusion" && matrix !== undefined)
      parts.push([style.bold(`${names[i]}, labels by predictions`), ...matrixTable(matrix, style)]);
    if (lazyGroups !== undefined) {
      const groups = [];
      for (const group of lazyGroups) {
        if (groups.length === shown) break;
        groups.push(group);
      }
      const by = Object.keys(groups[0]?.key ?? {});
      const keys = groups.map(({ key }) =>
        by.map((name) => (key[name] === null ? "(null)" : escapeText(String(key[name])))),
      );
      parts.push([
        title(by.join(", ")),
        ...figuresTable(by.map(escapeText), keys, groups, style),
        ...rest(lazyGroups.length, shown, style),
      ]);
    }
    if (windows !== undefined && window !== undefined) {
      const first = windows.slice(0, shown);
      const keys = first.map((one) => [formatWindow(window, one)]);
      const head = formatWindowHead(window);
      parts.push([
        title("window"),
        ...figuresTable([escapeText(head)], keys, first, style),
        ...rest(windows.length, shown, style),
      ]);
    }
  }
  return parts;
}

function rest(total: number, shown: number, style: Style): string[] {
  return total > shown ? [style.dim(`and ${formatCount(total - shown)} more: --json lists all`)] : [];
}

function figuresTable(
  head: readonly string[],
  keys: readonly (readonly string[])[],
  figures: readonly MetricFigures[],
  style: Style,
): string[] {
  const broken = figures.some(({ count, finite }) => count !== finite);
  const right = (title: string): TableColumn => ({ title, align: "right" });
  const titles = ["value", "over", "counted", ...(broken ? ["not finite"] : []), "missing", "ignored"];
  const columns = [...head.map((title) => ({ title })), ...titles.map(right), { title: "of" }];
  const rows = figures.map((one, i) => [
    ...keys[i]!,
    formatNumber(one.value, 8),
    formatNumber(one.weightSum),
    formatCount(one.finite),
    ...(broken ? [formatCount(BigInt(one.count) - BigInt(one.finite))] : []),
    formatCount(one.missing),
    formatCount(one.ignored),
    Object.entries(one.counts ?? {})
      .map(([name, count]) => `${name} ${formatNumber(count)}`)
      .join("  "),
  ]);
  return formatTable(columns, rows, style, (cell, _row, column) =>
    column < head.length ? style.cyan(cell) : column === head.length ? style.bold(cell) : cell,
  );
}

function matrixTable(matrix: NonNullable<MetricFigures["matrix"]>, style: Style): string[] {
  const columns = [
    { title: "label" },
    ...matrix.map((_, c): TableColumn => ({ title: String(c), align: "right" })),
  ];
  const rows = matrix.map((row, t) => [String(t), ...row.map((count) => formatNumber(count))]);
  return formatTable(columns, rows, style, (cell, row, column) =>
    column === 0 ? style.cyan(cell) : column === row + 1 ? style.bold(cell) : cell,
  );
}
