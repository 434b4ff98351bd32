import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatNumber } from "../../../src/format/number-text.ts";
import type { MetricGroup } from "../state/metric-groups.ts";
import { change, type Settings } from "../state/settings.ts";
import { useDark } from "../state/theme.ts";
import { label } from "../text/label.ts";
import { AXIS_NAMES } from "../../../src/format/axis-text.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartNotes } from "./chart-notes.tsx";
import { ChartPlot, type PointedAt } from "./chart-plot.ts";
import { ChartTip } from "./chart-tip.tsx";
import type { Range } from "./picture.ts";
import { placeEvents } from "./placed-events.ts";
import { readingsAt } from "./readings.ts";
import { CHART_THEMES } from "./theme.ts";
import { usePicture, wholeOf } from "./use-picture.ts";

/** CSS pixels of the y axis and the right edge: what of the width the lines do not get. */
const BESIDE = 68;

/** One metric of all drawn runs: its figures, its chart, and what the chart shows. */
export function ChartCard(props: {
  readonly group: MetricGroup;
  readonly settings: Settings;
  readonly size: { readonly width: number; readonly height: number };
}): JSX.Element {
  const { group, settings, size } = props;
  const isDark = useDark();
  const theme = CHART_THEMES[isDark ? "dark" : "light"];
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<ChartPlot | null>(null);
  const [at, setAt] = useState<PointedAt | null>(null);
  const whole = wholeOf(group, settings.axis, settings.logX);
  const view = whole === null ? null : viewOf(whole, settings.zoom);
  const { picture, failure } = usePicture(group, view, size.width - BESIDE, settings, isDark);
  const events = useMemo(() => placeEvents(group, settings.axis), [group, settings.axis]);
  const readings = picture === null || at === null ? [] : readingsAt(picture, at.x, at.y);
  // Over bands no single run stands out.
  const isSingled = group.series.length > 1 && picture?.bands.length === 0;
  const pointedAt = isSingled ? (readings[0]?.line.of.run.head.id ?? null) : null;
  const isCurrent =
    picture !== null && view !== null && picture.axis === settings.axis && picture.logX === settings.logX;

  useLayoutEffect(() => {
    if (!isCurrent || host.current === null || whole === null) return;
    const scene = { picture, events, view, whole, scale: settings.scale, theme, pointedAt };
    if (plot.current === null) {
      const zoom = (range: Range | null): void => change({ zoom: range });
      plot.current = new ChartPlot(host.current, scene, size, { zoom, point: setAt });
    } else plot.current.show(scene);
  }, [
    picture,
    events,
    view?.[0],
    view?.[1],
    whole?.[0],
    whole?.[1],
    settings.scale,
    settings.logX,
    settings.axis,
    theme,
    pointedAt,
  ]);
  useEffect(() => plot.current?.resize(size.width, size.height), [size.width, size.height]);
  useEffect(
    () => () => {
      plot.current?.destroy();
      plot.current = null;
    },
    [],
  );

  const isPinned = settings.pins.includes(group.name);
  const name = titleOf(group);
  return (
    <section
      class="card"
      tabIndex={0}
      aria-label={describe(group)}
      onKeyDown={(event) => onKey(event, plot.current)}
    >
      <header>
        <h2 title={name}>{name}</h2>
        <button
          type="button"
          class="quiet"
          aria-pressed={isPinned}
          aria-label={`Pin ${name}`}
          title="Pin: stand first"
          onClick={() =>
            change({
              pins: isPinned
                ? settings.pins.filter((pin) => pin !== group.name)
                : [...settings.pins, group.name],
            })
          }
        >
          {isPinned ? "★" : "☆"}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={settings.enlarged === null ? `Enlarge ${name}` : "Back to all charts"}
          title={settings.enlarged === null ? "Enlarge" : "Back to all charts"}
          onClick={() => change({ enlarged: settings.enlarged === null ? group.name : null })}
        >
          {settings.enlarged === null ? "⤢" : "⤡"}
        </button>
      </header>
      <ChartLegend group={group} picture={picture} />
      <div
        class="plot"
        ref={host}
        role="img"
        aria-label={describe(group)}
        style={{ height: `${size.height}px` }}
      />
      {at !== null && isCurrent && (
        <ChartTip {...{ at, readings, events, picture, view }} smoothing={settings.smoothing} />
      )}
      {whole === null && (
        <p class="empty">No log here states {AXIS_NAMES[settings.axis]}: choose another x axis.</p>
      )}
      {failure !== null && <p class="empty">{failure}</p>}
      {isCurrent && whole !== null && <ChartNotes {...{ group, picture, view, settings }} />}
    </section>
  );
}

/** What is in view: all of it, or what of the chosen stretch this chart has. */
function viewOf(whole: Range, zoom: Settings["zoom"]): Range {
  if (zoom === null || zoom[0] >= whole[1] || zoom[1] <= whole[0]) return whole;
  return [Math.max(whole[0], zoom[0]), Math.min(whole[1], zoom[1])];
}

function titleOf({ name, heldOut }: MetricGroup): string {
  return heldOut === null ? label(name) : `${label(name)} + ${label(heldOut)}`;
}

function describe(group: MetricGroup): string {
  const { series } = group;
  const [first] = series;
  const one = series.length === 1 && first !== undefined ? `latest ${formatNumber(first.metric.latest)}` : "";
  return `Chart of ${titleOf(group)}, ${series.length === 1 ? one : `${series.length} lines`}`;
}

function onKey(event: KeyboardEvent, plot: ChartPlot | null): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowLeft") plot?.move(-0.15);
  else if (event.key === "ArrowRight") plot?.move(0.15);
  else if (event.key === "+" || event.key === "=") plot?.scale(0.7);
  else if (event.key === "-") plot?.scale(1 / 0.7);
  else return;
  event.preventDefault();
}
