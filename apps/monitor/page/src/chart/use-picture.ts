import { useEffect, useRef, useState } from "preact/hooks";
import { loadWindows } from "../backend/backends.ts";
import type { MetricGroup } from "../state/metric-groups.ts";
import type { Settings } from "../state/settings.ts";
import { lineStyleOf } from "./colours.ts";
import type { Picture, Range } from "./picture.ts";

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
export function wholeOf(group: MetricGroup, axis: Settings["axis"]): Range | null {
  const extents = group.series.flatMap(({ metric }) =>
    metric.extents[axis] === undefined ? [] : [metric.extents[axis]],
  );
  if (extents.length === 0) return null;
  return [Math.min(...extents.map(([from]) => from)), Math.max(...extents.map(([, to]) => to))];
}

/** Loads what a chart shows, anew whenever the view, the settings or the runs change; the old picture stays until then. */
export function usePicture(
  group: MetricGroup,
  view: Range | null,
  width: number,
  settings: Pick<Settings, "axis" | "smoothing">,
  isDark: boolean,
): Loading {
  const [loading, setLoading] = useState<Loading>({ picture: null, failure: null });
  const last = useRef(Number.NEGATIVE_INFINITY);
  const { axis, smoothing } = settings;
  const version = group.series.map(({ run, metric }) => `${run.head.id}.${metric.id}.${metric.count}`).join();
  const whole = wholeOf(group, axis);
  const from = view?.[0];
  const to = view?.[1];

  useEffect(() => {
    if (from === undefined || to === undefined || whole === null || width <= 0) return undefined;
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      last.current = performance.now();
      const margin = (to - from) * MARGIN;
      const loaded: Range = [Math.max(whole[0], from - margin), Math.min(whole[1], to + margin)];
      const share = to > from ? (loaded[1] - loaded[0]) / (to - from) : 1;
      const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.round(width * share)));
      const series = group.series.map(({ run, metric }) => ({ run: run.head.id, metric: metric.id }));
      const request = { series, axis, from: loaded[0], to: loaded[1], columns, smoothing };
      try {
        const windows = await loadWindows(request, abort.signal);
        const lines = group.series.map((of, k) => ({
          of,
          window: windows[k]!,
          style: lineStyleOf(of.run.index, isDark),
        }));
        const picture = { axis, loaded, columns, lines, isSmoothed: smoothing !== null };
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
  }, [version, from, to, whole?.[0], whole?.[1], width, axis, smoothing, isDark]);

  return loading;
}
