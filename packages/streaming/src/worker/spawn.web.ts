import type { PlatformWorker } from "./platform-worker.ts";

/** How many workers this machine runs at once; 0 where the platform has none. */
export function parallelism(): number {
  return typeof Worker === "undefined" ? 0 : (navigator.hardwareConcurrency ?? 1);
}

/** Vite's development server moves a package, but not the file that its worker is. */
const NOT_LOADED =
  "its script could not be loaded (where Vite serves the page in development, name @lossflow/streaming in optimizeDeps.exclude)";

/** Starts a Web Worker, of one file. Bundlers look for the literal `new Worker(new URL(...))`. */
export function spawn(): PlatformWorker {
  return platformWorker(new Worker(new URL("../bundled/worker.web.js", import.meta.url), { type: "module" }));
}

/** Makes a Web Worker what the pool needs. */
export function platformWorker(worker: Worker): PlatformWorker {
  return {
    postMessage: (message, transfer) => worker.postMessage(message, [...transfer]),
    onMessage(listener) {
      worker.addEventListener("message", (event: MessageEvent<unknown>) => listener(event.data));
    },
    onDeath(listener) {
      let told = false;
      const die = (why: string): void => {
        if (!told) listener(why);
        told = true;
      };
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        die(event.message || NOT_LOADED);
      });
      worker.addEventListener("messageerror", () => die("a message could not be read"));
    },
    terminate: () => worker.terminate(),
    keepAlive: () => undefined,
  };
}
