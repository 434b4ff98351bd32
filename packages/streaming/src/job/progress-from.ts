import type { Progress } from "./snapshot.ts";

/** How far a job is: rows of its figures, and those that it folded itself; bytes read, and in all, null where unknown. */
interface Reached {
  readonly rows: number;
  readonly ownRows: number;
  readonly bytes: number;
  readonly totalBytes: number | null;
  readonly elapsedMs: number;
  readonly done: boolean;
}

/** Forms the rate, in rows a second, and the milliseconds that remain, null where they cannot be told. */
export function progressFrom({ rows, ownRows, bytes, totalBytes, elapsedMs, done }: Reached): Progress {
  const left = totalBytes === null || totalBytes < bytes ? null : totalBytes - bytes;
  const remainingMs = left === null || ownRows === 0 ? null : (left / bytes) * (rows / ownRows) * elapsedMs;
  return {
    rows,
    bytes,
    totalBytes,
    elapsedMs,
    rowsPerSecond: elapsedMs > 0 ? (ownRows / elapsedMs) * 1000 : 0,
    remainingMs: done ? 0 : remainingMs,
  };
}
