import { seedBand, type Centre, type Polyline } from "../../../src/plot/seed-band.ts";
import { seedGroupOf } from "../../../src/plot/seed-groups.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import { type Band, type Line, placeOf, type Range, shapeOf } from "./picture.ts";

/** Places of the common grid. */
const GRID = 160;

/** Puts the runs of a chart together that differ by their seed alone; groups of one run stay lines. */
export function bandsOfLines(
  lines: readonly Line[],
  loaded: Range,
  logX: boolean,
  centre: Centre,
): { readonly lines: readonly Line[]; readonly bands: readonly Band[] } {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const group = seedGroupOf(line.of.run.head.name);
    if (group === null) continue;
    const key = `${group}\0${line.of.metric.name}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const banded = new Set<Line>();
  const bands: Band[] = [];
  const shape = shapeOf(logX);
  const back = placeOf(logX);
  const start = shape(loaded[0]);
  const width = shape(loaded[1]) - start;
  const grid = Float64Array.from({ length: GRID }, (_, k) => back(start + (width * k) / (GRID - 1)));
  for (const [key, members] of groups) {
    if (members.length < 2) continue;
    for (const line of members) banded.add(line);
    const band = seedBand(
      members.map(({ window }) => polylineOf(window)),
      grid,
      centre,
    );
    bands.push({ name: key.split("\0")[0]!, count: members.length, style: members[0]!.style, band });
  }
  return { lines: lines.map((line) => (banded.has(line) ? { ...line, isBanded: true } : line)), bands };
}

/** The line that stands for a run: its smoothed one, else the means of its columns. */
function polylineOf({ columns, smoothed }: SeriesWindow): Polyline {
  if (smoothed !== null) return smoothed;
  const used = Array.from(columns.finite.keys()).filter((i) => columns.finite[i]! > 0);
  return {
    x: Float64Array.from(used, (i) => (columns.firstX[i]! + columns.lastX[i]!) / 2),
    y: Float64Array.from(used, (i) => columns.sum[i]! / columns.finite[i]!),
    broken: Float64Array.from(used, (i) => columns.broken[i]!),
  };
}
