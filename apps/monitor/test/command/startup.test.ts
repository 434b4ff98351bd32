import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const DIST = new URL("../../dist/", import.meta.url);
const WORKSPACE = new URL("../../../../packages/", import.meta.url);
/** `import ... from "x"`, `import "x"` and `export ... from "x"`; what is imported in a call is loaded when called. */
const STATIC_IMPORT = /^\s*(?:import|export)\b(?:[^;"'(]*?\bfrom)?\s*["']([^"']+)["']/gm;

/** The packages outside the workspace that a module needs before it can run, its own imports' included. */
function packagesBefore(entry: URL): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (module: URL): void => {
    if (seen.has(module.href)) return;
    seen.add(module.href);
    for (const [, name] of readFileSync(module, "utf8").matchAll(STATIC_IMPORT)) {
      if (name!.startsWith(".")) visit(new URL(name!, module));
      else if (name!.startsWith("@lossflow/")) {
        packages.add(name!);
        const [, folder, part = "index"] = name!.split("/");
        visit(new URL(`${folder}/dist/${part}.js`, WORKSPACE));
      } else if (!name!.startsWith("node:")) packages.add(name!);
    }
  };
  visit(entry);
  return packages;
}

test("help needs nothing but commander", () => {
  expect(existsSync(fileURLToPath(DIST))).toBe(true);
  expect([...packagesBefore(new URL("main.js", DIST))]).toEqual(["commander"]);
});

test.each(["summary", "watch", "check", "compare", "backtest", "export", "explain", "losses"])(
  "%s starts without Arrow, RxJS or the engine",
  (name) => {
    const packages = packagesBefore(new URL(`commands/${name}-command.js`, DIST));
    expect(packages).toContain("@lossflow/core");
    for (const heavy of [
      "apache-arrow",
      "hyparquet-writer",
      "re2js",
      "rxjs",
      "comlink",
      "@lossflow/streaming",
      "@lossflow/streaming/node",
    ]) {
      expect(packages).not.toContain(heavy);
    }
  },
);

test("eval's own module starts without them too, so that a wrong command line is refused at once", () => {
  expect(packagesBefore(new URL("commands/eval-command.js", DIST))).not.toContain("apache-arrow");
});
