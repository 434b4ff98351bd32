import { defineConfig } from "vite";
import { bundledLicenses } from "./bundled-licenses.ts";

/** One script, one style sheet and one worker, under fixed names: the report puts the first two into its file. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    // The licences of what is bundled go with it.
    license: { fileName: "licenses.md" },
    reportCompressedSize: false,
    rollupOptions: {
      output: { entryFileNames: "page.js", assetFileNames: "page[extname]", codeSplitting: false },
    },
  },
  worker: {
    format: "es",
    plugins: () => [bundledLicenses()],
    // The worker that reads dropped files, and the one of the engine that it starts.
    rollupOptions: {
      output: {
        entryFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.includes("drop-worker") === true ? "drop-worker.js" : "engine-worker.js",
        codeSplitting: false,
      },
    },
  },
});
