import type { JSX } from "preact";
import { AXIS_NAMES } from "../../../src/format/axis-text.ts";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
import { symlogReach } from "../../../src/plot/y-scale.ts";
import type { MetricGroup } from "../state/metric-groups.ts";
import type { Settings } from "../state/settings.ts";
import type { Picture, Range } from "./picture.ts";
import { countShown } from "./shown-counts.ts";

/** Says below a chart what it shows, what it cannot, and what its lines are. */
export function ChartNotes(props: {
  readonly group: MetricGroup;
  readonly picture: Picture;
  readonly view: Range;
  readonly settings: Pick<Settings, "scale" | "axis" | "smoothing" | "seeds">;
}): JSX.Element {
  const { group, picture, view, settings } = props;
  const { points, nonFinite, nonPositive, superseded, unplaced, hidden } = countShown(
    picture,
    view,
    settings.scale,
  );
  const absent = group.series.filter(({ metric }) => metric.extents[settings.axis] === undefined).length;
  const notes = [
    `showing ${plural(points, "point")}, ${formatCount(hidden)} extrema hidden`,
    picture.bands.length > 0 && settings.seeds !== null
      ? `bold: ${settings.seeds} of seeds, 95 % bootstrap interval; faint: each run`
      : null,
    smoothNote(picture, settings.smoothing),
    superseded > 0 ? `faint: ${formatCount(superseded)} superseded by a resume` : null,
    nonFinite > 0 ? `× ${formatCount(nonFinite)} not finite` : null,
    nonPositive > 0 ? `▾ ${plural(nonPositive, "extreme")} at 0 or below: no place on a log axis` : null,
    unplaced > 0 ? `${plural(unplaced, "point")} at x 0 or below: no place on a log axis` : null,
    settings.scale === "symlog" ? `symlog y, linear within ±${formatNumber(reachOf(picture))}` : null,
    absent > 0 ? `${plural(absent, "line")} without ${AXIS_NAMES[settings.axis]}` : null,
  ].filter((note) => note !== null);
  const text = notes.join(" · ");
  return (
    <p class="notes" title={text}>
      {text}
    </p>
  );
}

function smoothNote(picture: Picture, smoothing: number | null): string | null {
  if (smoothing === null) return null;
  const { label } = SMOOTHINGS[smoothing]!;
  const isThere = picture.lines.some(({ window }) =>
    window.smoothed?.y.some((value) => !Number.isNaN(value)),
  );
  if (picture.isSmoothed && picture.lines.length > 0 && !isThere)
    return `${label}: no line, for the log states no time`;
  return `bold: ${label}, over all points; faint: raw`;
}

function reachOf(picture: Picture): number {
  let largest = 0;
  for (const { window } of picture.lines) {
    for (const value of window.columns.min) if (Math.abs(value) > largest) largest = Math.abs(value);
    for (const value of window.columns.max) if (Math.abs(value) > largest) largest = Math.abs(value);
  }
  return symlogReach(largest);
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
