import { useEffect, useRef, useState } from "preact/hooks";
import { loadWindows } from "../backend/backends.ts";
import type { GroupSeries, MetricGroup } from "../state/metric-groups.ts";
import type { Settings } from "../state/settings.ts";
import { logStart } from "../../../src/plot/log-start.ts";
import { HELD_OUT_DASH, type LineStyle, lineStyleOf } from "./colours.ts";
import { bandsOfLines } from "./bands-of-lines.ts";
import { type Picture, placeOf, type Range, shapeOf } from "./picture.ts";

/** Milliseconds between loads of a chart whose runs grow. */
const PAUSE = 150;
/** Columns that one request may ask for, and how far past the view they reach, as a share of it. */
const MOST_COLUMNS = 4_096;
const MARGIN = 0.5;

/** A picture that is loading, was loaded, or could not be. */
export interface Loading {
  readonly picture: Picture | null;
  readonly failure: string | null;
}

/** Where all series of a group begin and end along an axis, null where no log states it. */
export function wholeOf(group: MetricGroup, axis: Settings["axis"], logX: boolean): Range | null {
  const extents = group.series.flatMap(({ metric }) =>
    metric.extents[axis] === undefined ? [] : [metric.extents[axis]],
  );
  if (extents.length === 0) return null;
  const from = Math.min(...extents.map(([start]) => start));
  const to = Math.max(...extents.map(([, end]) => end));
  if (!logX) return [from, to];
  const start = logStart(axis, [from, to]);
  return [start, Math.max(start, to)];
}

/** Loads what a chart shows, anew whenever the view, the settings or the runs change; the old picture stays until then. */
export function usePicture(
  group: MetricGroup,
  view: Range | null,
  width: number,
  settings: Pick<Settings, "axis" | "logX" | "smoothing" | "seeds">,
  isDark: boolean,
): Loading {
  const [loading, setLoading] = useState<Loading>({ picture: null, failure: null });
  const last = useRef(Number.NEGATIVE_INFINITY);
  const { axis, logX, smoothing, seeds } = settings;
  const version = group.series.map(({ run, metric }) => `${run.head.id}.${metric.id}.${metric.count}`).join();
  const whole = wholeOf(group, axis, logX);
  const from = view?.[0];
  const to = view?.[1];

  useEffect(() => {
    if (from === undefined || to === undefined || whole === null || width <= 0) return undefined;
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      last.current = performance.now();
      const shape = shapeOf(logX);
      const back = placeOf(logX);
      const span = shape(to) - shape(from);
      const loaded: Range = [
        Math.max(whole[0], back(shape(from) - span * MARGIN)),
        Math.min(whole[1], back(shape(to) + span * MARGIN)),
      ];
      const share = span > 0 ? (shape(loaded[1]) - shape(loaded[0])) / span : 1;
      const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.round(width * share)));
      const series = group.series.map(({ run, metric }) => ({ run: run.head.id, metric: metric.id }));
      const request = { series, axis, log: logX, from: loaded[0], to: loaded[1], columns, smoothing };
      try {
        const windows = await loadWindows(request, abort.signal);
        const single = group.series.map((of, k) => ({
          of,
          window: windows[k]!,
          style: styleOf(group, of, isDark),
          isBanded: false,
        }));
        const { lines, bands } =
          seeds === null ? { lines: single, bands: [] } : bandsOfLines(single, loaded, logX, seeds);
        const picture = { axis, logX, loaded, columns, lines, bands, isSmoothed: smoothing !== null };
        if (!abort.signal.aborted) setLoading({ picture, failure: null });
      } catch (error) {
        if (abort.signal.aborted) return;
        setLoading((before) => ({
          ...before,
          failure: error instanceof Error ? error.message : String(error),
        }));
      }
    };
    const wait = Math.max(0, last.current + PAUSE - performance.now());
    const timer = setTimeout(() => void load(), wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [version, from, to, whole?.[0], whole?.[1], width, axis, logX, smoothing, seeds, isDark]);

  return loading;
}

/** Held-out data has the colour of its run, and dashes. */
function styleOf(group: MetricGroup, { run, metric }: GroupSeries, isDark: boolean): LineStyle {
  const style = lineStyleOf(run.index, isDark);
  return metric.name === group.name ? style : { ...style, dash: HELD_OUT_DASH };
}
