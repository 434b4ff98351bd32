import type { Update } from "../../../src/plot/run-state.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";

/** How a backend stands: reading still, following, at its end, trying to come back, or refused, with one sentence. */
export interface Link {
  readonly state: "opening" | "live" | "finished" | "lost" | "refused";
  readonly sentence: string;
}

/** Where runs come from: a server that follows them, a report that holds them, files dropped on the page. */
export interface Backend {
  /** Begins the ids of its runs: one letter. */
  readonly prefix: string;
  /** Tells everything it knows and then what is new, until the page is closed. */
  start(take: (update: Update) => void, tell: (link: Link) => void): void;
  /** Folds series into pixel columns, in the order asked. Rejects with one sentence. */
  windows(request: WindowRequest, signal: AbortSignal): Promise<readonly SeriesWindow[]>;
}
