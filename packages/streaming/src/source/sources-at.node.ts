import { filesAt } from "./folder-files.node.ts";
import { fileSource } from "./file-source.ts";
import { httpSource } from "./http-source.ts";
import type { TableSource } from "./table-source.ts";

/** A source by its name; `path` is undefined where it stands in no file of this machine. */
export interface NamedSource {
  readonly source: TableSource;
  readonly path: string | undefined;
}

/**
 * What a name stands for: the file at an address, the file at a path, or all files below a folder, in the order of
 * their names.
 * @throws LF_NOT_FOUND for a folder without files, LF_UNREADABLE, LF_BAD_OPTION
 */
export function sourcesAt(name: string): NamedSource[] {
  // Any address: those of what is not read are refused as such, not looked for as paths.
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(name)) return [{ source: httpSource(name), path: undefined }];
  return filesAt(name).map((path) => ({ source: fileSource(path), path }));
}
