import type { Progress } from "@lossflow/streaming";
import { formatBytes } from "./bytes-text.ts";
import { formatNumber } from "./number-text.ts";
import { formatPlural } from "./plural-text.ts";

/** Says how far an evaluation is: the share of the bytes, the rows, and how fast they go. */
export function formatEvalProgress({
  bytes,
  totalBytes,
  rows,
  rowsPerSecond,
  remainingMs,
}: Progress): string {
  const share =
    totalBytes === null || totalBytes === 0
      ? formatBytes(bytes)
      : `${Math.floor((100 * bytes) / totalBytes)} % of ${formatBytes(totalBytes)}`;
  const left = remainingMs === null ? "" : `, ${formatNumber(Math.ceil(remainingMs / 1000))} s left`;
  return `evaluating: ${share}, ${formatPlural(rows, "row")}, ${formatNumber(rowsPerSecond / 1e6, 3)} million a second${left}`;
}
