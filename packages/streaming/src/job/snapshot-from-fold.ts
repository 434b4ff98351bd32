import type { Count } from "@lossflow/core";
import type { PlainValue } from "../columns/plain-at.ts";
import type { FoldState, LossFold } from "../fold/fold-state.ts";
import type { TopLoss } from "../fold/top.ts";
import {
  addCounts,
  figuresOfTable,
  figuresOfTotal,
  quantilesOf,
  type FiguresOfCell,
} from "./figures-of-table.ts";
import type { JobSpec } from "./job-spec.ts";
import { figuresOfMetric } from "./figures-of-metric.ts";
import type {
  Figures,
  GroupFigures,
  LazyGroups,
  LossResult,
  MetricResult,
  Snapshot,
  TopFigure,
  WindowEnds,
} from "./snapshot.ts";
import { sortedGroups, type SortedGroups } from "./sorted-groups.ts";
import type { LossWindow } from "./window-option.ts";
import { windowsOfFold } from "./windows-of-fold.ts";

/** Where each source's rows begin, counted over all. */
export interface SourceStart {
  readonly name: string;
  readonly firstRow: number;
}

/** What a snapshot says besides the figures. */
export type SnapshotFrame = Pick<Snapshot, "done" | "progress" | "quarantined" | "workers" | "engine">;

/** Reads the figures of a fold. `rows` are those of the table so far; `by` and `show` the names of columns. */
export function snapshotFromFold(
  fold: FoldState,
  spec: JobSpec,
  { by, show }: { readonly by: readonly string[]; readonly show: readonly string[] },
  rows: number,
  sources: readonly SourceStart[],
  frame: SnapshotFrame,
): Snapshot {
  const { top, window, quantiles } = spec.options;
  const groups = fold.groups === null ? null : sortedGroups(fold.groups, by);
  const ends = endsOf(window, rows);
  const partsOf = <T extends object>(mine: LossFold, figuresOf: FiguresOfCell<T>): PartFigures<T> => ({
    ...(groups === null
      ? {}
      : frame.done && spec.options.lazyGroups === true
        ? { lazyGroups: groupsOfFold(groups, mine, figuresOf) }
        : { groups: Array.from(groupsOfFold(groups, mine, figuresOf)) }),
    ...(fold.windows === null ? {} : { windows: windowsOfFold(fold.windows, mine, figuresOf, ends) }),
  });
  const results = spec.losses.map(({ loss, reduction, own }, i): LossResult => {
    const mine = fold.losses[i]!;
    const vector = loss.unit === "element" && mine.size > 0;
    const reading = { loss, reduction, elements: vector ? mine.size : 1, quantiles };
    const sketch = mine.sketches?.total.reader()([0]);
    const total = figuresOfTotal(mine.total, reading);
    return {
      loss: loss.id,
      params: loss.params,
      ...own,
      reduction,
      rows: rowsOfFigures(total),
      ...(vector ? { shape: [rows, mine.size] as const } : {}),
      ...total,
      ...quantilesOf(sketch, reading, total),
      ...partsOf(mine, (table, cell, own) => {
        const figures = figuresOfTable(table, reading, cell);
        return quantiles === undefined ? figures : Object.assign(figures, quantilesOf(own, reading, figures));
      }),
      ...(top === undefined ? {} : { top: topOfFold(mine.top, sources, show) }),
    };
  });
  const metrics = spec.metrics.map(({ metric, own }, i): MetricResult => {
    const mine = fold.losses[spec.losses.length + i]!;
    const elements = metric.unit === "element" ? Math.max(1, mine.size) : 1;
    const total = figuresOfMetric(metric, mine.total.state, mine.total.nullRows * elements);
    return {
      metric: metric.id,
      params: metric.params,
      ...own,
      rows: rowsOfFigures(total),
      ...total,
      ...partsOf(mine, (table, cell) => figuresOfMetric(metric, table.stateAt(cell, elements))),
    };
  });
  const { late, missing } = fold.windows ?? {};
  return {
    ...hoisted(results),
    ...(metrics.length === 0 ? {} : { metrics }),
    ...(late === undefined || missing === undefined || endsAtRows(window)
      ? {}
      : { windowless: { late, missing } }),
    ...frame,
  };
}

/** The ends of a window as people see them, of the positions that it was cut at. */
function endsOf(
  window: LossWindow | undefined,
  rows: number,
): (from: number, to: number) => readonly [from: number, to: number] {
  if (endsAtRows(window)) return (from, to) => [from, Math.min(to, rows)];
  return window !== undefined && "time" in window
    ? (from, to) => [from / 1000, to / 1000]
    : (from, to) => [from, to];
}

function endsAtRows(window: LossWindow | undefined): boolean {
  return window !== undefined && "rows" in window;
}

/** Rows and shape stand once, at the top, where all results agree in them. */
function hoisted(results: readonly LossResult[]): Pick<Snapshot, "rows" | "shape" | "results"> {
  const marks = results.map(({ rows, shape }) => `${rows} ${shape?.join()}`);
  if (new Set(marks).size !== 1) return { results };
  const { rows, shape } = results[0]!;
  return {
    ...(rows === undefined ? {} : { rows }),
    ...(shape === undefined ? {} : { shape }),
    results: results.map(({ rows: _rows, shape: _shape, ...rest }) => rest),
  };
}

interface PartFigures<T> {
  readonly groups?: readonly (T & Pick<GroupFigures, "key">)[];
  readonly lazyGroups?: LazyGroups<T & Pick<GroupFigures, "key">>;
  readonly windows?: readonly (T & WindowEnds)[];
}

function rowsOfFigures({ count, missing, ignored }: Pick<Figures, "count" | "missing" | "ignored">): Count {
  return addCounts(addCounts(count, missing), ignored);
}

function groupsOfFold<T extends object>(
  { cells, keyAt }: SortedGroups,
  { groups: table, sketches }: LossFold,
  figuresOf: FiguresOfCell<T>,
): LazyGroups<T & Pick<GroupFigures, "key">> {
  table.extend(cells.length);
  const sketchOf = sketches?.groups.reader();
  return {
    length: cells.length,
    *[Symbol.iterator]() {
      for (const cell of cells)
        yield Object.assign({ key: keyAt(cell) }, figuresOf(table, cell, sketchOf?.([cell])));
    },
  };
}

function topOfFold(
  top: readonly TopLoss[],
  sources: readonly SourceStart[],
  show: readonly string[],
): TopFigure[] {
  return top.map(({ row, loss, shown = [] }) => {
    const source = sources.findLast(({ firstRow }) => firstRow <= row)!;
    return { row, source: source.name, sourceRow: row - source.firstRow, loss, ...columnsOf(shown, show) };
  });
}

function columnsOf(shown: readonly PlainValue[], names: readonly string[]): Pick<TopFigure, "columns"> {
  if (names.length === 0) return {};
  return { columns: Object.fromEntries(names.map((name, k) => [name, shown[k] ?? null])) };
}
