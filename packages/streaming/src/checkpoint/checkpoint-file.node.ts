import { constants, existsSync } from "node:fs";
import { access, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LossflowError } from "@lossflow/core";
import { isCheckpoint } from "./checkpoint.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { contentOf, sealOf } from "./seal.node.ts";

/**
 * Keeps checkpoints in a file, the one before beside it as `FILE.previous`.
 *
 * Each is written to `FILE.next`, sealed with its SHA-256 and forced to the disk before it takes its place, so that a
 * process or a machine that dies at any moment leaves a whole one behind. A file at `path` that is no checkpoint is
 * never written over.
 */
export function checkpointFile(path: string): CheckpointStore {
  const previous = `${path}.previous`;
  const next = `${path}.next`;
  /** Whether the file at `path` is whole: only then may it take the place of the one before. */
  let isWhole = false;
  let found: readonly string[] = [];
  return {
    name: path,
    get found() {
      return found;
    },
    async load() {
      await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
        throw new LossflowError(
          "LF_CHECKPOINT_UNWRITABLE",
          `The checkpoint ${path} cannot be written (${codeOf(cause)}); name a file in a folder that is there and may be written to.`,
          { path },
          { cause },
        );
      });
      const newest = await readSealed(path);
      isWhole = newest instanceof Uint8Array;
      found = [path, previous].filter((file) => existsSync(file)).map((file) => basename(file));
      if (newest instanceof Uint8Array) return newest;
      const before = await readSealed(previous);
      if (before instanceof Uint8Array) return before;
      if (newest === null && before === null) return null;
      throw new LossflowError(
        "LF_CHECKPOINT_DAMAGED",
        `The checkpoint ${path} is damaged, with none before it that is whole; delete ${found.join(" and ")} to begin anew.`,
        { path },
      );
    },
    async save(bytes) {
      try {
        await writeSealed(next, bytes);
        if (isWhole) await rename(path, previous);
        await rename(next, path);
        isWhole = true;
        await syncFolder(dirname(path));
      } catch (cause) {
        await rm(next, { force: true });
        throw new LossflowError(
          "LF_CHECKPOINT_UNWRITABLE",
          `The checkpoint ${path} cannot be written (${codeOf(cause)}); the one before it is kept.`,
          { path },
          { cause },
        );
      }
    },
    async clear() {
      for (const file of [path, previous, next]) await rm(file, { force: true });
      isWhole = false;
    },
  };
}

/** The bytes under the seal; null where there is no file. @throws LF_CHECKPOINT_UNKNOWN for a file of something else */
async function readSealed(path: string): Promise<Uint8Array | null | "damaged"> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    if (codeOf(cause) === "EISDIR")
      throw new LossflowError(
        "LF_CHECKPOINT_UNWRITABLE",
        `The checkpoint ${path} is a folder; name a file in it.`,
        { path },
        { cause },
      );
    throw new LossflowError(
      "LF_CHECKPOINT_DAMAGED",
      `The checkpoint ${path} cannot be read (${codeOf(cause)}); check its permissions.`,
      { path },
      { cause },
    );
  }
  if (bytes.length > 0 && !isCheckpoint(bytes))
    throw new LossflowError(
      "LF_CHECKPOINT_UNKNOWN",
      `${path} is no checkpoint and is left as it is; name another file for the checkpoint.`,
      { path },
    );
  return contentOf(bytes) ?? "damaged";
}

async function writeSealed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.writeFile(sealOf(bytes));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename lasts once its folder has been forced to the disk. Windows has no such thing, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(join(folder, "."), "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(cause: unknown): string {
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause);
}
