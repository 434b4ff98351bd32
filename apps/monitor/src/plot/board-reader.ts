import { isLossName, mainMetric } from "../compute/main-metric.ts";
import type { SeriesSummary } from "../compute/series-summary.ts";
import type { BoardRun, RunBoard } from "./run-board.ts";
import { AXES } from "./axis.ts";
import { placesOf } from "./run-plots.ts";
import type { EventState, MetricState, RunHead, RunUpdate, Update } from "./run-state.ts";
import type { SeriesPlot } from "./series-plot.ts";

interface Known {
  readonly counts: number[];
  /** What each event said, since one that lasts still grows. */
  readonly events: string[];
  /** Whether each series is a loss, and which is the main one: asked once a name, however long it is. */
  readonly losses: boolean[];
  main: number | null;
  head: string;
}

/** One reader's place on a board: remembers what it was told, so that each update tells the rest. */
export class BoardReader {
  readonly #board: RunBoard;
  readonly #known: Map<string, Known> = new Map();
  #begun = false;

  constructor(board: RunBoard) {
    this.#board = board;
  }

  /** Takes what is new since the last call, null where nothing is; the first call always gives an update. */
  take(now: number): Update | null {
    const runs: RunUpdate[] = [];
    for (const { id, run } of this.#board.entries()) {
      let known = this.#known.get(id);
      if (known === undefined)
        this.#known.set(id, (known = { counts: [], events: [], losses: [], main: null, head: "" }));
      learnNames(run, known);
      const metrics = takeMetrics(run, known);
      const events = takeEvents(run, known);
      const head = headOf(id, run, known.main);
      const text = JSON.stringify(head);
      if (metrics.length === 0 && events.length === 0 && text === known.head) continue;
      known.head = text;
      runs.push({ ...head, metrics, events });
    }
    const whole = !this.#begun;
    this.#begun = true;
    return runs.length > 0 || whole ? { version: 1, whole, now, runs } : null;
  }
}

function learnNames({ fold }: BoardRun, known: Known): void {
  if (fold.metrics.length === known.losses.length) return;
  const names = fold.metrics.map(({ name }) => name);
  for (const name of names.slice(known.losses.length)) known.losses.push(isLossName(name));
  const main = mainMetric(names);
  known.main = main === null ? null : names.indexOf(main);
}

function headOf(id: string, run: BoardRun, main: number | null): RunHead {
  const { name, source, state, lastByte, format, lines } = run;
  return {
    id,
    name,
    source,
    state,
    lastByte,
    format,
    lines: { total: lines.total, read: lines.read, ignored: lines.ignored },
    segments: run.plots.segments,
    main,
  };
}

function takeMetrics(run: BoardRun, known: Known): MetricState[] {
  const changed: MetricState[] = [];
  run.fold.metrics.forEach((metric, k) => {
    if (metric.count === (known.counts[k] ?? 0)) return;
    known.counts[k] = metric.count;
    changed.push(metricState(k, metric, known.losses[k]!, run.plots.plots[k]!));
  });
  return changed;
}

function takeEvents(run: BoardRun, known: Known): [number, EventState][] {
  const changed: [number, EventState][] = [];
  run.plots.marks.forEach((mark, k) => {
    const text = `${mark.event.count} ${mark.event.message}`;
    if (text === known.events[k]) return;
    known.events[k] = text;
    changed.push([k, { ...mark.event, at: placesOf(mark, run.plots.time) }]);
  });
  return changed;
}

function metricState(id: number, metric: SeriesSummary, isLoss: boolean, plot: SeriesPlot): MetricState {
  const { name, count, finite, nan, posInf, negInf, sum, mean, min, minStep, max, maxStep } =
    metric.figures();
  return {
    id,
    name,
    isLoss,
    count,
    finite,
    nan,
    posInf,
    negInf,
    sum,
    mean,
    min,
    minStep,
    max,
    maxStep,
    latest: metric.latest,
    latestStep: metric.latestStep,
    extents: Object.fromEntries(
      AXES.flatMap((axis) => {
        const extent = plot.extent(axis);
        return extent === null ? [] : [[axis, extent]];
      }),
    ),
  };
}
