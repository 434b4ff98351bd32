import { AXES, type Axis } from "../plot/axis.ts";
import type { SeriesPlot } from "../plot/series-plot.ts";
import { SMOOTHINGS } from "../plot/smoothing.ts";
import { Y_SCALES, type YScale } from "../plot/y-scale.ts";
import type { KeyAction } from "./keys.ts";

/** What a person at the terminal has chosen. */
export interface WatchChoice {
  run: number;
  /** The chosen metric by name, null for the main loss. */
  metric: string | null;
  /** An index of `SMOOTHINGS`, null for none. */
  smoothing: number | null;
  axis: Axis;
  logX: boolean;
  scale: YScale;
  /** The stretch in view as shares of the whole. */
  shares: readonly [from: number, to: number];
  allRuns: boolean;
  pair: boolean;
  help: boolean;
}

/** What there is to choose from. */
export interface WatchRange {
  readonly runs: number;
  /** Names of the metrics of the chosen run, and the one that is shown. */
  readonly metrics: readonly string[];
  readonly shown: string | null;
  readonly plot: SeriesPlot | null;
}

/** What is chosen before any key. */
export function firstChoice(): WatchChoice {
  return {
    run: 0,
    metric: null,
    smoothing: null,
    axis: "step",
    logX: false,
    scale: "linear",
    shares: [0, 1],
    allRuns: false,
    pair: true,
    help: false,
  };
}

/** The least share of the whole that is in view. */
const NARROWEST = 2 ** -20;
const QUARTER = 0.25;

/** Changes what is chosen as a key asks. */
export function applyKey(action: KeyAction, choice: WatchChoice, range: WatchRange): void {
  const turn = (at: number, by: number, size: number): number => (size === 0 ? 0 : (at + by + size) % size);
  const metric = (by: number): string | null =>
    range.metrics[turn(Math.max(0, range.metrics.indexOf(range.shown ?? "")), by, range.metrics.length)] ??
    null;
  const [from, to] = choice.shares;
  switch (action) {
    case "next-metric":
      choice.metric = metric(1);
      break;
    case "previous-metric":
      choice.metric = metric(-1);
      break;
    case "next-run":
      choice.run = turn(choice.run, 1, range.runs);
      break;
    case "previous-run":
      choice.run = turn(choice.run, -1, range.runs);
      break;
    case "smoothing":
      choice.smoothing = nextSmoothing(choice.smoothing);
      break;
    case "axis": {
      const stated = AXES.filter((axis) => (range.plot?.extent(axis) ?? null) !== null);
      choice.axis = stated[turn(stated.indexOf(choice.axis), 1, stated.length)] ?? "step";
      choice.shares = [0, 1];
      break;
    }
    case "log-x":
      choice.logX = !choice.logX;
      break;
    case "scale":
      choice.scale = Y_SCALES[turn(Y_SCALES.indexOf(choice.scale), 1, Y_SCALES.length)]!;
      break;
    case "share":
      choice.shares = to === 1 && from < 0.875 ? [(1 + from) / 2, 1] : [0, 1];
      break;
    case "zoom-in":
      choice.shares = zoomed(choice.shares, 0.5);
      break;
    case "zoom-out":
      choice.shares = zoomed(choice.shares, 2);
      break;
    case "move-left":
      choice.shares = moved(choice.shares, -QUARTER);
      break;
    case "move-right":
      choice.shares = moved(choice.shares, QUARTER);
      break;
    case "whole":
      choice.shares = [0, 1];
      break;
    case "all-runs":
      choice.allRuns = !choice.allRuns;
      break;
    case "pair":
      choice.pair = !choice.pair;
      break;
    case "help":
      choice.help = !choice.help;
      break;
  }
}

function nextSmoothing(at: number | null): number | null {
  const next = at === null ? 0 : at + 1;
  return next < SMOOTHINGS.length ? next : null;
}

/** A view that reaches the newest point stays there, so that a growing log stays in sight. */
function zoomed([from, to]: readonly [number, number], factor: number): [number, number] {
  const width = Math.max(NARROWEST, Math.min(1, (to - from) * factor));
  if (to === 1) return [1 - width, 1];
  return moved([(from + to - width) / 2, (from + to + width) / 2], 0);
}

function moved([from, to]: readonly [number, number], by: number): [number, number] {
  const width = to - from;
  const start = Math.max(0, Math.min(1 - width, from + width * by));
  return start + width >= 1 ? [1 - width, 1] : [start, start + width];
}
