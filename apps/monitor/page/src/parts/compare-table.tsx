import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import type { MetricState } from "../../../src/plot/run-state.ts";
import { HELD_OUT_DASH } from "../chart/colours.ts";
import type { GroupSeries, MetricGroup } from "../state/metric-groups.ts";
import { change, type Settings } from "../state/settings.ts";
import { label } from "../text/label.ts";
import { Swatch } from "./swatch.tsx";

/** A column of the table: what it sorts by, and what it says. */
interface Column {
  readonly title: string;
  readonly by: (metric: MetricState) => number | null;
  readonly text: (metric: MetricState) => string;
}

const at = (value: number | null, step: number | null): string =>
  value === null ? "-" : `${formatNumber(value)} at ${formatNumber(step)}`;
const lost = ({ nan, posInf, negInf }: MetricState): number => nan + posInf + negInf;

const COLUMNS: readonly Column[] = [
  { title: "latest", by: (m) => m.latest, text: (m) => at(m.latest, m.latestStep) },
  { title: "minimum", by: (m) => m.min, text: (m) => at(m.min, m.minStep) },
  { title: "maximum", by: (m) => m.max, text: (m) => at(m.max, m.maxStep) },
  { title: "mean", by: (m) => m.mean, text: (m) => formatNumber(m.mean) },
  {
    title: "sum / finite",
    by: (m) => m.finite,
    text: (m) => (m.sum === null ? "-" : `${formatNumber(m.sum)} / ${formatCount(m.finite)}`),
  },
  { title: "points", by: (m) => m.count, text: (m) => formatCount(m.count) },
  { title: "not finite", by: lost, text: (m) => formatCount(lost(m)) },
];

/** One metric of all drawn runs as figures, sorted as asked; means stand beside what they are over. */
export function CompareTable(props: {
  readonly groups: readonly MetricGroup[];
  readonly settings: Settings;
}): JSX.Element {
  const { groups, settings } = props;
  const [sort, setSort] = useState<{ column: number; isDown: boolean } | null>(null);
  const group = groups.find(({ name }) => name === settings.compared) ?? groups[0];
  if (group === undefined) return <p class="empty">Nothing to compare yet.</p>;
  const rows = sort === null ? group.series : sorted(group.series, COLUMNS[sort.column]!, sort.isDown);
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label="Comparison">
      <label class="choice">
        Metric{" "}
        <select value={group.name} onChange={(event) => change({ compared: event.currentTarget.value })}>
          {groups.map(({ name }) => (
            <option key={name} value={name}>
              {label(name)}
            </option>
          ))}
        </select>
      </label>
      <table>
        <caption>
          {label(group.name)}
          {group.heldOut === null ? "" : ` and ${label(group.heldOut)}`}, over all points of each run
        </caption>
        <thead>
          <tr>
            <th scope="col">run</th>
            {COLUMNS.map(({ title }, column) => (
              <th
                scope="col"
                key={title}
                aria-sort={sort?.column !== column ? "none" : sort.isDown ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  class="quiet"
                  onClick={() => setSort({ column, isDown: sort?.column === column && !sort.isDown })}
                >
                  {title}
                  {sort?.column !== column ? "" : sort.isDown ? " ▾" : " ▴"}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ run, metric }) => (
            <tr key={`${run.head.id} ${metric.id}`}>
              <th scope="row">
                <Swatch index={run.index} {...(metric.name === group.name ? {} : { dash: HELD_OUT_DASH })} />{" "}
                {label(run.head.name)}
                {metric.name === group.name ? "" : ` · ${label(metric.name)}`}
              </th>
              {COLUMNS.map(({ title, text }) => (
                <td key={title}>{text(metric)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What has no figure comes last either way. */
function sorted(series: readonly GroupSeries[], { by }: Column, isDown: boolean): GroupSeries[] {
  const key = ({ metric }: GroupSeries): number => {
    const value = by(metric);
    return value === null || Number.isNaN(value) ? Number.POSITIVE_INFINITY : isDown ? -value : value;
  };
  return [...series].sort((a, b) => {
    const left = key(a);
    const right = key(b);
    return left === right ? 0 : left < right ? -1 : 1;
  });
}
