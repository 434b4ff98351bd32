import { ExactSum } from "@lossflow/core";
import { emptyColumns, type SeriesColumns } from "./series-window.ts";

/**
 * Folds columns again, to `count` columns over `from .. to`, of equal width in `along` of the axis; none of those outside. A column goes whole to where it
 * begins: extremes, first, last and their places stay as they are, sums are added exactly and rounded once more.
 */
export function foldColumns(
  source: SeriesColumns,
  from: number,
  to: number,
  count: number,
  along: (x: number) => number = (x) => x,
): SeriesColumns {
  const start = along(from);
  const scale = to > from ? count / (along(to) - start) : 0;
  const groups: { column: number; members: number[] }[] = [];
  for (let i = 0; i < source.column.length; i++) {
    if (source.high[i]! < from || source.low[i]! > to) continue;
    const column = Math.max(0, Math.min(count - 1, Math.floor((along(source.low[i]!) - start) * scale)));
    const group = groups.at(-1);
    if (group?.column === column) group.members.push(i);
    else groups.push({ column, members: [i] });
  }
  const folded = emptyColumns(groups.length);
  groups.forEach(({ column, members }, k) => {
    folded.column[k] = column;
    mergeInto(folded, k, source, members);
  });
  return folded;
}

function mergeInto(
  folded: Record<keyof SeriesColumns, Float64Array>,
  k: number,
  source: SeriesColumns,
  members: readonly number[],
): void {
  const total = (field: "finite" | "nonFinite"): number =>
    members.reduce((sum, i) => sum + source[field][i]!, 0);
  const withValues = members.filter((i) => !Number.isNaN(source.first[i]!));
  const take = (field: "first" | "min" | "max" | "last", i: number | undefined): void => {
    folded[field][k] = i === undefined ? Number.NaN : source[field][i]!;
    folded[`${field}X`][k] = i === undefined ? Number.NaN : source[`${field}X`][i]!;
  };
  const best = (isBetter: (a: number, b: number) => boolean): number | undefined =>
    withValues.reduce<number | undefined>((a, b) => (a === undefined || isBetter(b, a) ? b : a), undefined);
  folded.finite[k] = total("finite");
  folded.nonFinite[k] = total("nonFinite");
  folded.broken[k] = members.some((i) => source.broken[i] === 1) ? 1 : 0;
  folded.low[k] = Math.min(...members.map((i) => source.low[i]!));
  folded.high[k] = Math.max(...members.map((i) => source.high[i]!));
  take("first", withValues[0]);
  take(
    "min",
    best((a, b) => source.min[a]! < source.min[b]!),
  );
  take(
    "max",
    best((a, b) => source.max[a]! > source.max[b]!),
  );
  take("last", withValues.at(-1));
  const sum = new ExactSum();
  for (const i of members) if (source.finite[i]! > 0) sum.add(source.sum[i]!);
  folded.sum[k] = folded.finite[k] > 0 ? sum.value() : Number.NaN;
}
