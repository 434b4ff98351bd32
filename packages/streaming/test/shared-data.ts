import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Real files beside the checkout; they are not part of it. */
const ROOT = fileURLToPath(new URL("../../../../shared/data", import.meta.url));

export const hasSharedData: boolean = existsSync(ROOT);

export interface SharedFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** The files of a folder that have an expected content beside them, folders below it included. */
export function sharedFiles(folder: string): SharedFile[] {
  if (!hasSharedData) return [];
  const root = join(ROOT, folder);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => !/\.(?:json|gz)$/.test(name) && existsSync(join(root, `${name}.expected.json`)))
    .sort()
    .map((name) => ({
      name,
      path: join(root, name),
      bytes: new Uint8Array(readFileSync(join(root, name))),
      expected: JSON.parse(readFileSync(join(root, `${name}.expected.json`), "utf8")) as Record<
        string,
        unknown
      >,
    }));
}
