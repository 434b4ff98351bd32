import { globToRegExp } from "./glob-pattern.ts";
import { walkFiles } from "./walk-files.ts";

/** Tells whether a source is a pattern: it has `*`, `?`, `[..]` or `{a,b}`. */
export function isGlob(source: string): boolean {
  return /[*?[{]/.test(source);
}

/** Finds the files that a pattern names, sorted; `**` stands for any folders. */
export function filesFromGlob(pattern: string): string[] {
  const normal = pattern.replaceAll("\\", "/");
  const segments = normal.split("/");
  const first = segments.findIndex((segment) => isGlob(segment));
  const root = segments.slice(0, first).join("/");
  const matches = globToRegExp(normal);
  return walkFiles(root === "" ? (normal.startsWith("/") ? "/" : ".") : root)
    .map((path) => path.replaceAll("\\", "/").replace(/^\.\//, ""))
    .filter((path) => matches.test(path));
}
