import { formatNumber } from "./number-text.ts";

const UNITS = ["kB", "MB", "GB", "TB"] as const;

/** Writes a size in bytes with three significant digits: `812 B`, `1.77 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  return `${formatNumber(bytes / 1000 ** power, 3)} ${UNITS[power - 1]!}`;
}
