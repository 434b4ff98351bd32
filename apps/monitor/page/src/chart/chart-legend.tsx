import type { JSX } from "preact";
import { formatX } from "../../../src/format/axis-text.ts";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import type { GroupSeries, MetricGroup } from "../state/metric-groups.ts";
import { Swatch } from "../parts/swatch.tsx";
import { label } from "../text/label.ts";
import { HELD_OUT_DASH } from "./colours.ts";
import type { Band, Picture } from "./picture.ts";

/** Lines named over a chart; the others are counted. */
const NAMED = 3;

/** Names the lines of a chart: groups with their intervals, series with their latest values and exact means, each with its denominator. */
export function ChartLegend(props: {
  readonly group: MetricGroup;
  readonly picture: Picture | null;
}): JSX.Element {
  const { group, picture } = props;
  const bands = picture?.bands ?? [];
  const banded = new Set(picture?.lines.filter(({ isBanded }) => isBanded).map(({ of }) => idOf(of)));
  const single = group.series.filter((of) => !banded.has(idOf(of)));
  const size = bands.length + single.length;
  const room = size === NAMED + 1 ? size : NAMED;
  const named = single.slice(0, Math.max(0, room - bands.length));
  const more = size - Math.min(bands.length, room) - named.length;
  return (
    <ul class="legend">
      {bands.slice(0, room).map((band) => (
        <li key={`${band.name} ${band.style.dash.join()}`}>
          <Swatch colour={band.style.colour} dash={band.style.dash} />
          <span class="name">
            {label(band.name)}, {band.count} seeds
          </span>
          <span class="figure">{picture === null ? "" : describeBand(band, picture)}</span>
        </li>
      ))}
      {named.map((of) => (
        <li key={idOf(of)}>
          <Swatch index={of.run.index} {...(of.metric.name === group.name ? {} : { dash: HELD_OUT_DASH })} />
          <span class="name">
            {of.metric.name === group.name ? "" : `${label(of.metric.name)} · `}
            {label(of.run.head.name)}
          </span>
          <span class="figure">{describe(of)}</span>
        </li>
      ))}
      {more > 0 && <li class="more">and {formatCount(more)} more</li>}
    </ul>
  );
}

function idOf({ run, metric }: GroupSeries): string {
  return `${run.head.id} ${metric.id}`;
}

function describe({ metric }: GroupSeries): string {
  const latest = `${formatNumber(metric.latest)} at ${formatNumber(metric.latestStep)}`;
  if (metric.mean === null) return latest;
  return `${latest} · mean ${formatNumber(metric.mean)} over ${formatCount(metric.finite)}`;
}

/** The band at the last place that all its runs have reached, else the last that any has. */
function describeBand({ band, count }: Band, { axis }: Picture): string {
  let at = -1;
  for (let k = 0; k < band.x.length; k++) if (band.runs[k] === count) at = k;
  if (at < 0) for (let k = 0; k < band.x.length; k++) if (band.runs[k]! > 0) at = k;
  if (at < 0) return "";
  const interval = Number.isNaN(band.low[at]!)
    ? ""
    : ` [${formatNumber(band.low[at]!, 4)}, ${formatNumber(band.high[at]!, 4)}]`;
  return `${formatNumber(band.centre[at]!, 4)}${interval} at ${formatX(axis, Number(band.x[at]!.toPrecision(4)))}`;
}
