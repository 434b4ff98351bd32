import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** Writes the licences of what a script holds beside it, `x-licenses.md` beside `x.js`; Vite does so for the page, not for its workers. */
export function bundledLicenses(): Plugin {
  return {
    name: "bundled-licenses",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const packages = new Map<string, Package>();
        for (const id of Object.keys(chunk.modules)) {
          const found = id.includes("/node_modules/") ? packageOf(dirname(id)) : null;
          if (found !== null) packages.set(found.name, found);
        }
        const source = [...packages.values()].map(licenseOf).sort().join("\n");
        const fileName = chunk.fileName.replace(/\.js$/, "-licenses.md");
        if (source !== "") this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}

/** The package that a folder belongs to: that of the nearest package.json that states a version. */
function packageOf(folder: string): Package | null {
  const path = join(folder, "package.json");
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<Package>) : {};
  const { name, version, license = "" } = found;
  if (name !== undefined && version !== undefined) return { name, version, license, folder };
  return dirname(folder) === folder ? null : packageOf(dirname(folder));
}

function licenseOf({ name, version, license, folder }: Package): string {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `## ${name} - ${version} (${license})\n\n${text}\n`;
}
