import { useEffect, useRef, useState } from "preact/hooks";
import { loadWindows } from "../backend/backends.ts";
import type { GroupSeries, MetricGroup } from "../state/metric-groups.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import type { Settings } from "../state/settings.ts";
import { logStart } from "../../../src/plot/log-start.ts";
import { HELD_OUT_DASH, type LineStyle, lineStyleOf } from "./colours.ts";
import { bandsOfLines } from "./bands-of-lines.ts";
import { type Picture, placeOf, type Range, shapeOf } from "./picture.ts";

/** Milliseconds between loads of a chart whose runs grow. */
const PAUSE = 150;
/** How many times as long as a load took beyond what is usual the next one is put off: a server that is busy reading is left to it. */
const REST = 8;
/** Milliseconds that a load takes of a server that has nothing else to do. */
const QUICK = 50;
/** Milliseconds that it waits for at most: with a look at the file every 200 a line is on its chart within 500. */
const LONGEST_PAUSE = 250;
/** Columns that one request may ask for, and how far past the view they reach, as a share of it. */
const MOST_COLUMNS = 4_096;
const MARGIN = 0.5;
/** How far the ends of what is loaded may move, as a share of it, before all of it is asked for anew. */
const NEAR = 0.01;

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

/**
 * Loads what a chart shows, anew whenever the view, the settings or the runs change; the old picture stays until then.
 * One load follows the other: runs that grow ten times a second never keep one from coming to its end.
 */
export function usePicture(
  group: MetricGroup,
  view: Range | null,
  width: number,
  settings: PictureSettings,
  isDark: boolean,
): Loading {
  const [loading, setLoading] = useState<Loading>({ picture: null, failure: null });
  const { axis, logX, smoothing, seeds } = settings;
  const whole = wholeOf(group, axis, logX);
  const wanted = useRef<Wanted | null>(null);
  wanted.current =
    view === null || whole === null || width <= 0 ? null : { group, view, whole, width, settings, isDark };
  const state = useRef<LoaderState>({
    last: Number.NEGATIVE_INFINITY,
    timer: null,
    isBusy: false,
    isDue: false,
    kept: null,
    pause: PAUSE,
  });
  const abort = useRef<AbortController | null>(null);

  const run = async (): Promise<void> => {
    const at = state.current;
    at.timer = null;
    at.isDue = false;
    if (wanted.current === null) return;
    at.last = performance.now();
    at.isBusy = true;
    const { signal } = (abort.current ??= new AbortController());
    try {
      const picture = await load(wanted.current, at, signal);
      if (!signal.aborted) setLoading({ picture, failure: null });
    } catch (error) {
      if (!signal.aborted)
        setLoading((before) => ({
          ...before,
          failure: error instanceof Error ? error.message : String(error),
        }));
    }
    at.isBusy = false;
    const took = performance.now() - at.last;
    at.pause = Math.min(LONGEST_PAUSE, PAUSE + REST * Math.max(0, took - QUICK));
    if (at.isDue && !signal.aborted) schedule();
  };
  const schedule = (): void => {
    const at = state.current;
    at.isDue = true;
    if (at.isBusy || at.timer !== null) return;
    at.timer = setTimeout(() => void run(), Math.max(0, at.last + at.pause - performance.now()));
  };
  const version = group.series
    .map(({ run: { head }, metric }) => `${head.id}.${metric.id}.${metric.count}`)
    .join();
  useEffect(schedule, [
    version,
    view?.[0],
    view?.[1],
    whole?.[0],
    whole?.[1],
    width,
    axis,
    logX,
    smoothing,
    seeds,
    isDark,
  ]);
  useEffect(
    () => () => {
      abort.current?.abort();
      if (state.current.timer !== null) clearTimeout(state.current.timer);
    },
    [],
  );
  return loading;
}

type PictureSettings = Pick<Settings, "axis" | "logX" | "smoothing" | "seeds">;

interface Wanted {
  readonly group: MetricGroup;
  readonly view: Range;
  readonly whole: Range;
  readonly width: number;
  readonly settings: PictureSettings;
  readonly isDark: boolean;
}

/** Where the loading of one chart stands. */
interface LoaderState {
  /** When the last load began, and how long after that the next one may. */
  last: number;
  pause: number;
  timer: ReturnType<typeof setTimeout> | null;
  isBusy: boolean;
  /** Whether something has changed since. */
  isDue: boolean;
  kept: KeptWindows | null;
}

/** The windows of the last picture: those of series that have not grown are taken again. */
interface KeptWindows {
  /** What all of them were asked for. */
  readonly asked: string;
  readonly loaded: Range;
  readonly windows: ReadonlyMap<string, { readonly count: number; readonly window: SeriesWindow }>;
}

async function load(wanted: Wanted, state: LoaderState, signal: AbortSignal): Promise<Picture> {
  const { group, view, whole, width, isDark } = wanted;
  const { axis, logX, smoothing, seeds } = wanted.settings;
  const shape = shapeOf(logX);
  const back = placeOf(logX);
  const span = shape(view[1]) - shape(view[0]);
  const loaded: Range = [
    Math.max(whole[0], back(shape(view[0]) - span * MARGIN)),
    Math.min(whole[1], back(shape(view[1]) + span * MARGIN)),
  ];
  const loadedSpan = shape(loaded[1]) - shape(loaded[0]);
  const columns = Math.max(
    1,
    Math.min(MOST_COLUMNS, Math.round(span > 0 ? (width * loadedSpan) / span : width)),
  );
  const asked = `${axis} ${logX} ${smoothing} ${columns}`;
  const { kept } = state;
  // A few columns to the side are no other picture.
  const isNear =
    kept?.asked === asked &&
    [0, 1].every((end) => Math.abs(shape(kept.loaded[end]!) - shape(loaded[end]!)) <= NEAR * loadedSpan);
  const known = isNear ? kept.windows : new Map<string, never>();
  const windows = group.series.map(({ run, metric }) => {
    const before = known.get(`${run.head.id}.${metric.id}`);
    const extent = metric.extents[axis];
    // A series that reaches past what was loaded may have more there.
    const isAll =
      kept !== null && extent !== undefined && extent[0] >= kept.loaded[0] && extent[1] <= kept.loaded[1];
    const isSame = kept !== null && loaded[0] === kept.loaded[0] && loaded[1] === kept.loaded[1];
    return before?.count === metric.count && (isAll || isSame) ? before.window : null;
  });
  const missing = group.series.filter((_, k) => windows[k] === null);
  if (missing.length > 0) {
    const series = missing.map(({ run, metric }) => ({ run: run.head.id, metric: metric.id }));
    const request = { series, axis, log: logX, from: loaded[0], to: loaded[1], columns, smoothing };
    const found = [...(await loadWindows(request, signal))];
    for (let k = 0; k < windows.length; k++) windows[k] ??= found.shift()!;
  }
  state.kept = {
    asked,
    loaded,
    windows: new Map(
      group.series.map(({ run, metric }, k) => [
        `${run.head.id}.${metric.id}`,
        { count: metric.count, window: windows[k]! },
      ]),
    ),
  };
  const single = group.series.map((of, k) => ({
    of,
    window: windows[k]!,
    style: styleOf(group, of, isDark),
    isBanded: false,
  }));
  const { lines, bands } =
    seeds === null ? { lines: single, bands: [] } : bandsOfLines(single, loaded, logX, seeds);
  return { axis, logX, loaded, columns, lines, bands, isSmoothed: smoothing !== null };
}

/** Held-out data has the colour of its run, and dashes. */
function styleOf(group: MetricGroup, { run, metric }: GroupSeries, isDark: boolean): LineStyle {
  const style = lineStyleOf(run.index, isDark);
  return metric.name === group.name ? style : { ...style, dash: HELD_OUT_DASH };
}
