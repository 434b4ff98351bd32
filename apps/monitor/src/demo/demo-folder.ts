import { existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "../cli/usage-error.ts";

/**
 * Makes the folder for the logs: `wanted`, which must be new or empty, else a fresh one for temporary files.
 *
 * @throws LF_USAGE where `wanted` is a file, holds something, or cannot be made.
 */
export function makeDemoFolder(wanted: string | undefined): string {
  try {
    if (wanted === undefined) return mkdtempSync(join(tmpdir(), "lossflow-demo-"));
    makeFolder(wanted);
    if (readdirSync(wanted).length === 0) return wanted;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const why =
      code === "EEXIST" || code === "ENOTDIR" ? "there is a file in its place" : `the system says ${code}`;
    throw new UsageError(
      `The folder ${wanted ?? tmpdir()} cannot be written to: ${why}; name another with --out.`,
    );
  }
  throw new UsageError(`The folder ${wanted} is not empty: name one with --out that is new or empty.`);
}

/** As mkdir's own `recursive`, which tries for ever (Node 20) where a folder that is there takes none, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path);
}
