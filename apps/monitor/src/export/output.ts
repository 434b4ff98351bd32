import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { LossflowError } from "@lossflow/core";
import type { Context } from "../cli/context.ts";
import { whyUnwritable } from "../cli/why-unwritable.ts";

/** Where an export goes. Bytes are written before `write` returns, so that reading goes no faster than writing. */
export interface Output {
  write(bytes: Uint8Array): void;
  /** Makes the output whole. */
  commit(): void;
  /** Leaves nothing behind. */
  discard(): void;
}

/**
 * Opens the file `path`, which appears under its name only when it is whole: it is written beside it, brought to the
 * disk, and renamed. What is there and no file (a pipe, a device) is written to as it is; a link keeps leading where it led.
 * @throws LF_OUT_UNWRITABLE, here and while writing.
 */
export function openOutputFile(path: string): Output {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new LossflowError(
        "LF_OUT_UNWRITABLE",
        `${path} cannot be written: ${whyUnwritable(error)}.`,
        { path },
        { cause: error },
      );
    }
  };
  const isFile = attempt(() => statSync(path, { throwIfNoEntry: false })?.isFile());
  const target = isFile === true ? realpathSync(path) : path;
  const draft = isFile === false ? path : join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  let file: number | null = attempt(() => openSync(draft, "w"));
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  const discard = (): void => {
    close();
    if (draft !== path) rmSync(draft, { force: true });
  };
  // Also where a second signal ends the process at once.
  process.once("exit", discard);
  return {
    write: (bytes) =>
      attempt(() => {
        for (let at = 0; at < bytes.length;) at += writeSync(file!, bytes, at);
      }),
    commit: () => {
      attempt(() => {
        if (draft !== path) fsyncSync(file!);
        close();
        if (draft !== path) renameSync(draft, target);
      });
      process.removeListener("exit", discard);
    },
    discard: () => {
      process.removeListener("exit", discard);
      discard();
    },
  };
}

/** Writes to standard output, which Node does at once to files and pipes. */
export function outputToStdout(context: Context): Output {
  return {
    write: (bytes) => void context.stdout.write(bytes),
    commit: () => undefined,
    discard: () => undefined,
  };
}
