import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LossflowError } from "@lossflow/core";

/** A file of the page as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Where the built page lies, seen from the sources and from what is built of them. */
const FOLDER = fileURLToPath(new URL("../../dist/page/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Reads every file of the built page, by the path it is asked for. All are held from the start, so that no path of a
 * request ever reaches the file system.
 * @throws LF_PAGE_MISSING where the page has not been built.
 */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  try {
    for (const entry of readdirSync(FOLDER, { recursive: true, withFileTypes: true })) {
      const type = TYPES[/\.[a-z]+$/.exec(entry.name)?.[0] ?? ""];
      if (!entry.isFile() || type === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(FOLDER.length - 1).replaceAll("\\", "/");
      files.set(name === "/index.html" ? "/" : name, { type, bytes: readFileSync(path) });
    }
  } catch (error) {
    throw missing(error);
  }
  if (!files.has("/")) throw missing();
  return files;
}

function missing(cause?: unknown): LossflowError {
  return new LossflowError(
    "LF_PAGE_MISSING",
    `The web page is not in ${FOLDER}: install lossflow again, or build it (npm test does).`,
    { path: FOLDER },
    { cause },
  );
}
