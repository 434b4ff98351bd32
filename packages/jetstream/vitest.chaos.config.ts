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
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
