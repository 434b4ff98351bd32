import { LossflowError } from "@lossflow/core";

/** There are no open files in a page. */
export function readFileInto(_file: number, _at: number, _target: Uint8Array, name: string): number {
  throw new LossflowError("LF_INTERNAL", `${name}: a page has no files that are read by a descriptor.`);
}
