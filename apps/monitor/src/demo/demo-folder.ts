import { mkdirSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../cli/usage-error.ts";

/**
 * Makes the folder for the logs: `wanted`, which must be new or empty, else a fresh one for temporary files.
 *
 * @throws LF_USAGE where `wanted` is a file, holds something, or cannot be made.
 */
export function makeDemoFolder(wanted: string | undefined): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), "lossflow-demo-"));
  const found = statSync(wanted, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new UsageError(`--out ${wanted} is a file; name a folder that is new or empty.`);
  }
  if (found !== undefined && readdirSync(wanted).length > 0) {
    throw new UsageError(`--out ${wanted} is not empty; name a folder that is new or empty.`);
  }
  try {
    mkdirSync(wanted, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`--out ${wanted} cannot be made (${reason}); name a folder that can be written to.`);
  }
  return wanted;
}
