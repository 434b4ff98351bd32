import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";
import { takeUpdate } from "../state/runs.ts";
import { createValue, type Value } from "../state/value.ts";
import type { Backend, Link } from "./backend.ts";

const backends: Backend[] = [];

/** How the backends stand: what most needs to be known of them. */
export const link: Value<Link> = createValue<Link>({ state: "opening", sentence: "Connecting." });

/** Begins to show the runs of a backend; the first one's standing is the page's. */
export function addBackend(backend: Backend): void {
  const isFirst = backends.push(backend) === 1;
  backend.start(
    (update) => takeUpdate(backend.prefix, update),
    (next) => {
      if (isFirst && (next.state !== link.get().state || next.sentence !== link.get().sentence))
        link.set(next);
    },
  );
}

/** Folds series of any backends into pixel columns, in the order asked. Rejects with one sentence. */
export async function loadWindows(
  request: WindowRequest,
  signal: AbortSignal,
): Promise<readonly SeriesWindow[]> {
  const windows: SeriesWindow[] = [];
  await Promise.all(
    backends.map(async (backend) => {
      const places: number[] = [];
      request.series.forEach(({ run }, k) => {
        if (run.startsWith(backend.prefix)) places.push(k);
      });
      if (places.length === 0) return;
      const series = places.map((k) => request.series[k]!);
      const found = await backend.windows({ ...request, series }, signal);
      places.forEach((k, i) => (windows[k] = found[i]!));
    }),
  );
  return windows;
}
