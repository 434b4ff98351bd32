import { LossflowError } from "@lossflow/core";
import { COLUMN_FIELDS, emptyColumns, type SeriesWindow } from "./series-window.ts";

/**
 * Packs windows for the wire, all numbers float64 in the machine's order (little-endian wherever this runs): how many
 * windows; of each its number of columns, of superseded ones and of smoothed points (-1: none asked for), the columns
 * field by field, then x, y and breaks of the smoothed line.
 */
export function bytesFromWindows(windows: readonly SeriesWindow[]): Uint8Array<ArrayBuffer> {
  let length = 1;
  for (const { columns, superseded, smoothed } of windows) {
    const size = columns.column.length + superseded.column.length;
    length += 3 + COLUMN_FIELDS.length * size + 3 * (smoothed?.x.length ?? 0);
  }
  const numbers = new Float64Array(length);
  numbers[0] = windows.length;
  let at = 1;
  const put = (values: Float64Array): void => {
    numbers.set(values, at);
    at += values.length;
  };
  for (const { columns, superseded, smoothed } of windows) {
    numbers[at++] = columns.column.length;
    numbers[at++] = superseded.column.length;
    numbers[at++] = smoothed === null ? -1 : smoothed.x.length;
    for (const field of COLUMN_FIELDS) put(columns[field]);
    for (const field of COLUMN_FIELDS) put(superseded[field]);
    if (smoothed !== null) {
      put(smoothed.x);
      put(smoothed.y);
      put(smoothed.broken);
    }
  }
  return new Uint8Array(numbers.buffer);
}

/**
 * Reads what {@link bytesFromWindows} packed; the arrays are views of `bytes`.
 * @throws LF_BAD_WINDOWS where the bytes are not whole.
 */
export function windowsFromBytes(bytes: ArrayBuffer): SeriesWindow[] {
  if (bytes.byteLength % 8 !== 0) throw cut();
  const numbers = new Float64Array(bytes);
  let at = 0;
  const take = (length: number): Float64Array => {
    if (!(length >= 0) || at + length > numbers.length) throw cut();
    return numbers.subarray(at, (at += length));
  };
  const count = take(1)[0]!;
  const windows: SeriesWindow[] = [];
  for (let k = 0; k < count; k++) {
    const [size, left, points] = take(3) as unknown as [number, number, number];
    const columns = emptyColumns(0);
    for (const field of COLUMN_FIELDS) columns[field] = take(size);
    const superseded = emptyColumns(0);
    for (const field of COLUMN_FIELDS) superseded[field] = take(left);
    const smoothed = points < 0 ? null : { x: take(points), y: take(points), broken: take(points) };
    windows.push({ columns, superseded, smoothed });
  }
  return windows;
}

function cut(): LossflowError {
  return new LossflowError(
    "LF_BAD_WINDOWS",
    "The columns of the chart came incomplete: load the page again.",
  );
}
