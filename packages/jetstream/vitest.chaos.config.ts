import { defineConfig } from "vitest/config";

const SOURCES = { conditions: ["lossflow:src"] };

/** Minutes of faults over real servers, one after the other: not part of `npm test`. */
export default defineConfig({
  resolve: SOURCES,
  ssr: { resolve: SOURCES },
  test: {
    name: "jetstream faults",
    root: import.meta.dirname,
    include: ["test/chaos/**/*.chaos.ts"],
    // What it costs is measured on request, on a quiet machine: LOSSFLOW_RATES=1 ... rates.
    exclude: process.env["LOSSFLOW_RATES"] === "1" ? [] : ["test/chaos/{rates,messages}.chaos.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
