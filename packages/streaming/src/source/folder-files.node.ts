import { readdirSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { LossflowError } from "@lossflow/core";
import { fileRefusal } from "./file-reads.node.ts";

/**
 * Lists the files that a path names: itself, or all below it where it is a folder, `part-2` before `part-10`. Names that
 * begin with a dot or an underline are what writers leave beside their tables, and are passed over.
 * @throws LF_NOT_FOUND for a folder without files, LF_UNREADABLE
 */
export function filesAt(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const files = filesBelow(path);
  if (files.length > 0) return files;
  throw new LossflowError("LF_NOT_FOUND", `${path} is a folder without files; name one that holds tables.`, {
    path,
  });
}

function filesBelow(folder: string): string[] {
  const byName = new Intl.Collator("en", { numeric: true });
  return entriesOf(folder)
    .filter(({ name }) => !/^[._]/.test(name))
    .sort((a, b) => byName.compare(a.name, b.name) || (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw fileRefusal(cause, folder);
  }
}
