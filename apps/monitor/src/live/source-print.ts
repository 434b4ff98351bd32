import { readdirSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";

/** A file is known by its first 64 KiB; beyond that its size says nothing new. */
const HEAD = 1 << 16;
const DEEPEST = 16;
const PASSED_OVER = /^(?:node_modules|__pycache__|\.git|\.venv|venv|site-packages)$/;

/**
 * Prints what decides whether a folder or a pattern holds a new run: its files that are not `known` with as much of
 * their sizes as matters. Looking for runs reads files; this does not, so it can be done every second.
 */
export function sourcePrint(source: string, known: ReadonlySet<string>): string {
  const segments = source.split("/");
  const wild = segments.findIndex((segment) => /[*?[{]/.test(segment));
  const isFolder = wild < 0 || statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  const root = isFolder ? source : segments.slice(0, wild).join("/") || (source.startsWith("/") ? "/" : ".");
  const depth = isFolder || source.includes("**") ? DEEPEST : segments.length - wild - 1;
  const print: string[] = [];
  const visit = (folder: string, left: number): void => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (left > 0 && !PASSED_OVER.test(entry.name)) visit(path, left - 1);
      } else if (!known.has(path)) {
        const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        print.push(`${path}\0${Math.min(size, HEAD)}`);
      }
    }
  };
  visit(root, depth);
  return print.join("\0");
}

/** A folder that cannot be read, or is gone, has none. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
