import type { Snapshot } from "@lossflow/streaming";
import { formatBytes } from "./bytes-text.ts";
import { formatCount, formatNumber } from "./number-text.ts";

/** Says how far an evaluation is: the share of the bytes, the rows, and how fast they go. */
export function formatEvalProgress({ progress }: Snapshot): string {
  const { bytes, totalBytes, rows, rowsPerSecond } = progress;
  const share =
    totalBytes === null || totalBytes === 0
      ? formatBytes(bytes)
      : `${Math.floor((100 * bytes) / totalBytes)} % of ${formatBytes(totalBytes)}`;
  return `evaluating: ${share}, ${formatCount(rows)} rows, ${formatNumber(rowsPerSecond / 1e6, 3)} million a second`;
}
