import { formatCount } from "../../../src/format/number-text.ts";
import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
import type { JSX } from "preact";
import type { MetricGroup } from "../state/metric-groups.ts";
import type { Settings } from "../state/settings.ts";
import { AXIS_NAMES } from "../text/x-text.ts";
import type { Picture, Range } from "./picture.ts";
import { countShown } from "./shown-counts.ts";

/** Says below a chart what it shows, what it cannot, and what its smooth line is. */
export function ChartNotes(props: {
  readonly group: MetricGroup;
  readonly picture: Picture;
  readonly view: Range;
  readonly settings: Pick<Settings, "log" | "axis" | "smoothing">;
}): JSX.Element {
  const { group, picture, view, settings } = props;
  const { points, nonFinite, nonPositive, hidden } = countShown(picture, view, settings.log);
  const unplaced = group.series.filter(({ metric }) => metric.extents[settings.axis] === undefined).length;
  const notes = [
    settings.smoothing === null
      ? null
      : `bold: ${SMOOTHINGS[settings.smoothing]!.label}, over all points; faint: raw`,
    `showing ${plural(points, "point")}, ${formatCount(hidden)} extrema hidden`,
    nonFinite > 0 ? `× ${formatCount(nonFinite)} not finite` : null,
    nonPositive > 0 ? `▾ ${plural(nonPositive, "extreme")} at 0 or below: no place on a log axis` : null,
    unplaced > 0 ? `${plural(unplaced, "run")} without ${AXIS_NAMES[settings.axis]}` : null,
  ].filter((note) => note !== null);
  return <p class="notes">{notes.join(" · ")}</p>;
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
