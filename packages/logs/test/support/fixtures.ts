import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** A small log written by hand. */
export interface Fixture {
  /** Path below the folder of fixtures, with "/". */
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All fixtures below `folder`, sorted. */
export function fixtures(folder = ""): Fixture[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && !entry.name.endsWith(".expected.json") && entry.name !== ".gitattributes",
    )
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(ROOT, path).replaceAll("\\", "/");
      return { name, path, bytes: new Uint8Array(readFileSync(path)) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
