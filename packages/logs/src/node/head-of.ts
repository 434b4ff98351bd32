import { closeSync, openSync, readSync, statSync, type Stats } from "node:fs";

/** As much of a file as tells its format. */
export const HEAD: number = 1 << 16;

/** The first bytes of a file; null where it is none, or cannot be read. */
export function headOf(path: string): Uint8Array | null {
  let stats: Stats;
  try {
    stats = statSync(path);
    if (!stats.isFile()) return null;
    const file = openSync(path, "r");
    try {
      const bytes: Uint8Array = Buffer.allocUnsafe(Math.min(HEAD, stats.size));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
