import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { playwright } from "@vitest/browser-playwright";

const SOURCES = { conditions: ["lossflow:src"] };
const SETUP = fileURLToPath(new URL("vitest.setup.ts", import.meta.url));

const report = process.env["LOSSFLOW_REPORT"];

const chromium = [process.env["CHROMIUM"], "/usr/bin/chromium"].find(
  (path) => path !== undefined && existsSync(path),
);
if (chromium === undefined && process.env["REQUIRE_BROWSER"] === "1") {
  throw new Error(
    "REQUIRE_BROWSER=1, but no Chromium was found: install it at /usr/bin/chromium or name it in CHROMIUM.",
  );
}

const natsServer = [process.env["NATS_SERVER"], ".ci/cache/nats-server/usr/sbin/nats-server"].find(
  (path) => path !== undefined && existsSync(path),
);
if (natsServer === undefined && process.env["REQUIRE_NATS"] === "1") {
  throw new Error(
    "REQUIRE_NATS=1, but no nats-server was found: .ci/install-nats-server.sh gets one, or name it in NATS_SERVER.",
  );
}

/** Unit tests of one package, over its sources. */
function unit(name: string, root: string, exclude: readonly string[] = []): TestProjectInlineConfiguration {
  return {
    resolve: SOURCES,
    ssr: { resolve: SOURCES },
    test: {
      name,
      root,
      include: ["test/**/*.test.ts"],
      setupFiles: [SETUP],
      // Files of a package share a process and its modules: most take less time than a fresh start would. What a test
      // changes it puts back, and what it opens it closes.
      isolate: false,
      exclude: ["test/browser/**", "test/bare-page/**", ...exclude],
      testTimeout: 15_000,
      hookTimeout: 30_000,
    },
  };
}

/** The same engine in a real browser, over what is published (dist); in `bare-page` without memory shared with workers. */
function browser(
  name: string,
  root: string,
  executablePath: string,
  folder: "browser" | "bare-page" = "browser",
): TestProjectInlineConfiguration {
  const isolation = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  return {
    root,
    server: { headers: folder === "browser" ? isolation : {} },
    test: {
      name,
      include: [`test/${folder}/**/*.test.ts`],
      testTimeout: 30_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: {
            executablePath,
            args: [
              "--no-sandbox",
              "--disable-gpu",
              "--disable-quic",
              "--no-first-run",
              "--disable-background-networking",
              "--disable-component-update",
              "--disable-sync",
            ],
          },
        }),
        instances: [{ browser: "chromium" }],
      },
    },
  };
}

/** Where no browser or server is installed, the run says so once. */
function skipped(name: string, file: string): TestProjectInlineConfiguration {
  return { test: { name, include: [file] } };
}

export default defineConfig({
  test: {
    // Much of a run waits for processes and clocks, so that two cores carry two workers (the default leaves one idle).
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // The continuous integration reads the counts from the runner's own report.
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      unit("core", "packages/core"),
      unit("kernels", "packages/kernels"),
      unit("series", "packages/series"),
      unit("logs", "packages/logs"),
      unit("streaming", "packages/streaming"),
      unit("jetstream", "packages/jetstream", natsServer === undefined ? ["test/server/**"] : []),
      ...(natsServer === undefined
        ? [skipped("nats-server", "packages/jetstream/test/no-server.skip.ts")]
        : []),
      unit("monitor", "apps/monitor", natsServer === undefined ? ["test/nats/**"] : []),
      ...(chromium === undefined
        ? [skipped("browser", "packages/streaming/test/no-browser.skip.ts")]
        : [
            browser("kernels in a browser", "packages/kernels", chromium),
            browser("streaming in a browser", "packages/streaming", chromium),
            browser("streaming in a bare page", "packages/streaming", chromium, "bare-page"),
          ]),
    ],
  },
});
