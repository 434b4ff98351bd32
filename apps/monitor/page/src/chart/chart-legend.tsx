import type { JSX } from "preact";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import type { MetricGroup } from "../state/metric-groups.ts";
import { Swatch } from "../parts/swatch.tsx";
import { label } from "../text/label.ts";
import type { MetricState } from "../../../src/plot/run-state.ts";

/** Runs named over a chart; the others are counted. */
const NAMED = 3;

/** Names the runs of a chart with their latest values and their exact means, each with its denominator. */
export function ChartLegend({ group }: { readonly group: MetricGroup }): JSX.Element {
  const named = group.series.slice(0, group.series.length === NAMED + 1 ? NAMED + 1 : NAMED);
  const more = group.series.length - named.length;
  return (
    <ul class="legend">
      {named.map(({ run, metric }) => (
        <li key={run.head.id}>
          <Swatch index={run.index} />
          <span class="name">{label(run.head.name)}</span>
          <span class="figure">{describe(metric)}</span>
        </li>
      ))}
      {more > 0 && <li class="more">and {formatCount(more)} more runs</li>}
    </ul>
  );
}

function describe(metric: MetricState): string {
  const latest = `${formatNumber(metric.latest)} at ${formatNumber(metric.latestStep)}`;
  if (metric.mean === null) return latest;
  return `${latest} · mean ${formatNumber(metric.mean)} over ${formatCount(metric.finite)}`;
}
