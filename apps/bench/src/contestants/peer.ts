import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Loads a package that `npm run bench:peers` installed; null where it did not. */
export async function peer(name: string): Promise<Record<string, unknown> | null> {
  const require = createRequire(new URL("../../peers/package.json", import.meta.url));
  try {
    return (await import(pathToFileURL(require.resolve(name)).href)) as Record<string, unknown>;
  } catch {
    return null;
  }
}
