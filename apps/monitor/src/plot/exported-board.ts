import { AXES, type Axis } from "./axis.ts";
import { BoardReader } from "./board-reader.ts";
import type { RunBoard } from "./run-board.ts";
import type { Update } from "./run-state.ts";
import { emptyColumns } from "./series-window.ts";
import type { SmoothedLine } from "./smoothed-lines.ts";
import { SMOOTHINGS } from "./smoothing.ts";
import { bytesFromWindows } from "./window-bytes.ts";

/** What a report holds: everything a page is told, and of each series the columns and smooth lines along each axis. */
export interface ExportedBoard {
  readonly update: Update;
  /** By run id and index of the series, `r0.1`; along each axis packed windows in base64: the columns, then each smooth line. */
  readonly series: Readonly<Record<string, Readonly<Partial<Record<Axis, string>>>>>;
}

/** Pixel columns kept of a series along each axis (shorter ones are kept point by point), and points of a smooth line. */
const COLUMNS: Readonly<Record<Axis, number>> = { step: 1_000, epoch: 500, time: 500 };
const SMOOTHED = 512;

/** Takes a board as it stands at `now`, in milliseconds since 1970. */
export function exportBoard(board: RunBoard, now: number): ExportedBoard {
  const update = new BoardReader(board).take(now)!;
  const series: [string, Partial<Record<Axis, string>>][] = [];
  for (const { id, run } of board.entries()) {
    run.plots.plots.forEach((plot, metric) => {
      const axes: Partial<Record<Axis, string>> = {};
      for (const axis of AXES) {
        const extent = plot.extents.get(axis);
        if (extent === undefined) continue;
        const place = { axis, from: extent[0], to: extent[1] };
        const lines = SMOOTHINGS.map((_, smoothing) => ({
          columns: emptyColumns(0),
          smoothed: thinned(plot.window({ ...place, columns: 1, smoothing }).smoothed!),
        }));
        const windows = [plot.window({ ...place, columns: COLUMNS[axis], smoothing: null }), ...lines];
        axes[axis] = base64FromBytes(bytesFromWindows(windows));
      }
      series.push([`${id}.${metric}`, axes]);
    });
  }
  return { update, series: Object.fromEntries(series) };
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
