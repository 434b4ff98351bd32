import { STATED_AXES, type StatedAxis } from "./axis.ts";
import { BoardReader } from "./board-reader.ts";
import type { RunBoard } from "./run-board.ts";
import type { Update } from "./run-state.ts";
import type { RunTimeState } from "./run-time.ts";
import { emptyColumns } from "./series-window.ts";
import type { SmoothedLine } from "./smoothed-lines.ts";
import { SMOOTHINGS } from "./smoothing.ts";
import { bytesFromWindows } from "./window-bytes.ts";

/** What a report holds: everything a page is told, and of each series the columns and smooth lines along each stated axis. */
export interface ExportedBoard {
  readonly update: Update;
  /** By run id; times of the series are as the log states them. */
  readonly times: Readonly<Record<string, RunTimeState>>;
  /** By run id and index of the series, `r0.1`; along each axis packed windows in base64: the columns, then each smooth line. */
  readonly series: Readonly<Record<string, Readonly<Partial<Record<StatedAxis, string>>>>>;
}

/** Pixel columns kept of a series along the steps and along other axes (shorter ones are kept point by point), and points of a smooth line. */
const COLUMNS = 1_000;
const SIDE_COLUMNS = 400;
const SMOOTHED = 256;

/** Takes a board as it stands at `now`, in milliseconds since 1970. */
export function exportBoard(board: RunBoard, now: number): ExportedBoard {
  const update = new BoardReader(board).take(now)!;
  const series: [string, Partial<Record<StatedAxis, string>>][] = [];
  const times: [string, RunTimeState][] = [];
  for (const { id, run } of board.entries()) {
    times.push([id, run.plots.time.state]);
    run.plots.plots.forEach((plot, metric) => {
      const axes: Partial<Record<StatedAxis, string>> = {};
      for (const axis of STATED_AXES) {
        const extent = plot.statedExtent(axis);
        if (extent === null) continue;
        const place = { axis, log: false, from: extent[0], to: extent[1] };
        const columns = axis === "step" ? COLUMNS : SIDE_COLUMNS;
        const lines = SMOOTHINGS.map((_, smoothing) => ({
          columns: emptyColumns(0),
          superseded: emptyColumns(0),
          smoothed: thinned(plot.statedWindow({ ...place, columns: 1, smoothing }).smoothed!),
        }));
        const windows = [plot.statedWindow({ ...place, columns, smoothing: null }), ...lines];
        axes[axis] = base64FromBytes(bytesFromWindows(windows));
      }
      series.push([`${id}.${metric}`, axes]);
    });
  }
  return { update, times: Object.fromEntries(times), series: Object.fromEntries(series) };
}

/** Keeps every k-th point of a smooth line, and every break. */
function thinned({ x, y, broken }: SmoothedLine): SmoothedLine {
  const every = Math.ceil(x.length / SMOOTHED);
  const isKept = (_: number, k: number): boolean => k % every === 0 || k === x.length - 1 || broken[k] === 1;
  return { x: x.filter(isKept), y: y.filter(isKept), broken: broken.filter(isKept) };
}

function base64FromBytes(bytes: Uint8Array): string {
  let text = "";
  // As many arguments as every engine takes.
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
