import { readdirSync } from "node:fs";
import { join } from "node:path";

const SKIPPED = /^(?:node_modules|__pycache__|\.git|\.venv|venv|site-packages)$/;
const DEEPEST = 16;
const MOST_FILES = 200_000;

/** Lists the files below a folder, sorted by path; folders that cannot be read are passed over. */
export function walkFiles(root: string): string[] {
  const files: string[] = [];
  const visit = (folder: string, depth: number): void => {
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      return;
    }
    entries.sort((a, b) => compareNatural(a.name, b.name));
    for (const entry of entries) {
      if (files.length >= MOST_FILES) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth < DEEPEST && !SKIPPED.test(entry.name)) visit(path, depth + 1);
      } else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
  };
  visit(root, 0);
  return files;
}

/** Orders names with their numbers by value: `version_2` before `version_10`. */
export function compareNatural(a: string, b: string): number {
  const x = a.split(/(\d+)/);
  const y = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    if (i % 2 === 1) {
      const difference = Number(x[i]) - Number(y[i]);
      if (difference !== 0) return difference;
    }
    return x[i]! < y[i]! ? -1 : 1;
  }
  return x.length - y.length;
}
