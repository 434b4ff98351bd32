import type { ExportedBoard } from "../../../src/plot/exported-board.ts";
import { statedAxisOf } from "../../../src/plot/axis.ts";
import { RunTime } from "../../../src/plot/run-time.ts";
import { foldColumns } from "../../../src/plot/fold-columns.ts";
import type { Update } from "../../../src/plot/run-state.ts";
import { emptyColumns, type SeriesColumns, type SeriesWindow } from "../../../src/plot/series-window.ts";
import type { SmoothedLine } from "../../../src/plot/smoothed-lines.ts";
import { windowsFromBytes } from "../../../src/plot/window-bytes.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";
import type { Backend, Link } from "./backend.ts";

const EMPTY: SeriesWindow = { columns: emptyColumns(0), superseded: emptyColumns(0), smoothed: null };

/** Looks at the runs that a report holds. */
export class ReportBackend implements Backend {
  readonly prefix = "r";
  readonly #board: Promise<ExportedBoard>;
  readonly #unpacked: Map<string, SeriesWindow[]> = new Map();

  /** `packed`: the exported board as JSON, compressed by gzip, in base64. */
  constructor(packed: string) {
    this.#board = unpack(packed);
  }

  start(take: (update: Update) => void, tell: (link: Link) => void): void {
    this.#board.then(
      ({ update }) => {
        take(update);
        tell({ state: "finished", sentence: `Report of ${new Date(update.now).toLocaleString()}.` });
      },
      () =>
        tell({ state: "refused", sentence: "This report is damaged: form it again with lossflow report." }),
    );
  }

  async windows(request: WindowRequest): Promise<readonly SeriesWindow[]> {
    const { series, times } = await this.#board;
    const { axis, log, from, to, columns, smoothing } = request;
    const stated = statedAxisOf(axis);
    return request.series.map(({ run, metric }) => {
      const key = `${run}.${metric}`;
      const packed = series[key]?.[stated];
      const time = times[run];
      const place = stated === "time" && time !== undefined ? RunTime.from(time).mapTo(axis) : same;
      if (packed === undefined || place === null) return EMPTY;
      const [raw, ...lines] = this.#windowsOf(`${key} ${stated}`, packed);
      const line = smoothing === null ? null : (lines[smoothing]?.smoothed ?? null);
      const shape = log ? Math.log : same;
      const folded = (all: SeriesColumns): SeriesColumns =>
        foldColumns(place === same ? all : placedColumns(all, place), from, to, columns, shape);
      return {
        columns: folded(raw!.columns),
        superseded: folded(raw!.superseded),
        smoothed: line === null ? null : cut({ ...line, x: line.x.map(place) }, from, to),
      };
    });
  }

  #windowsOf(key: string, packed: string): SeriesWindow[] {
    let windows = this.#unpacked.get(key);
    if (windows === undefined) {
      windows = windowsFromBytes(bytesFromBase64(packed).buffer);
      this.#unpacked.set(key, windows);
    }
    return windows;
  }
}

function same(x: number): number {
  return x;
}

/** The same columns with their places along another axis. */
function placedColumns(columns: SeriesColumns, place: (x: number) => number): SeriesColumns {
  const { low, high, firstX, minX, maxX, lastX } = columns;
  return {
    ...columns,
    low: low.map(place),
    high: high.map(place),
    firstX: firstX.map(place),
    minX: minX.map(place),
    maxX: maxX.map(place),
    lastX: lastX.map(place),
  };
}

async function unpack(packed: string): Promise<ExportedBoard> {
  const stream = new Blob([bytesFromBase64(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as ExportedBoard;
}

function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let k = 0; k < binary.length; k++) bytes[k] = binary.charCodeAt(k);
  return bytes;
}

/** What of a line is in view, with a neighbour on either side so that it reaches the edges. */
function cut({ x, y, broken }: SmoothedLine, from: number, to: number): SmoothedLine {
  let first = 0;
  let last = x.length;
  while (first + 1 < last && x[first + 1]! < from) first++;
  while (last - 2 >= first && x[last - 2]! > to) last--;
  return { x: x.subarray(first, last), y: y.subarray(first, last), broken: broken.subarray(first, last) };
}
