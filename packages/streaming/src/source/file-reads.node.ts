import { readSync } from "node:fs";
import { LossflowError } from "@lossflow/core";

/**
 * Reads into `target` until it is full or the file ends; one read may give less than it was asked for. This thread
 * waits: for memory's bytes that takes less than handing the read to another one.
 * @throws LF_UNREADABLE
 */
export function readFileInto(file: number, at: number, target: Uint8Array, name: string): number {
  let count = 0;
  while (count < target.length) {
    let got: number;
    try {
      got = readSync(file, target, count, target.length - count, at + count);
    } catch (error) {
      throw fileRefusal(error, name);
    }
    if (got === 0) break;
    count += got;
  }
  return count;
}

/** Says in one sentence why a file cannot be opened or read. */
export function fileRefusal(cause: unknown, name: string): LossflowError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const [ours, why] =
    code === "ENOENT" || code === "ENOTDIR"
      ? (["LF_NOT_FOUND", "is not there; check the path."] as const)
      : code === "EISDIR"
        ? (["LF_NOT_A_FILE", "is a folder; give a file."] as const)
        : ([
            "LF_UNREADABLE",
            `cannot be read (${code === "" ? String(cause) : code}); check its permissions.`,
          ] as const);
  return new LossflowError(ours, `${name} ${why}`, { path: name }, { cause });
}
