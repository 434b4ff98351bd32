import type { Update } from "../../../src/plot/run-state.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import { windowsFromBytes } from "../../../src/plot/window-bytes.ts";
import type { WindowRequest } from "../../../src/plot/window-request.ts";
import type { Backend, Link } from "./backend.ts";

/** Series of one request: its address stays short. */
const BATCH = 200;
/** Milliseconds before a server that is gone is looked for again. */
const RETRY = 2_000;

const REFUSED: Link = {
  state: "refused",
  sentence:
    "This page needs its key: open the whole address that lossflow printed, with what stands after #.",
};
const LOST: Link = {
  state: "lost",
  sentence: "No connection: lossflow has ended, or cannot be reached. Trying again.",
};
const FULL: Link = {
  state: "lost",
  sentence: "Too many pages are open on this server: close one. Trying again.",
};

/** Looks at runs through the server that sent this page. */
export class LiveBackend implements Backend {
  readonly prefix = "r";

  start(take: (update: Update) => void, tell: (link: Link) => void): void {
    tell({ state: "opening", sentence: "Connecting." });
    void this.#open(take, tell);
  }

  async windows(request: WindowRequest, signal: AbortSignal): Promise<readonly SeriesWindow[]> {
    const batches: Promise<SeriesWindow[]>[] = [];
    for (let k = 0; k < request.series.length; k += BATCH)
      batches.push(fetchWindows({ ...request, series: request.series.slice(k, k + BATCH) }, signal));
    return (await Promise.all(batches)).flat();
  }

  async #open(take: (update: Update) => void, tell: (link: Link) => void): Promise<void> {
    const again = (link: Link): void => {
      tell(link);
      setTimeout(() => void this.#open(take, tell), RETRY);
    };
    const status = await showKey();
    if (status === 0) return again(LOST);
    if (status === 401) return tell(REFUSED);
    const events = new EventSource("/api/updates");
    events.onmessage = (message: MessageEvent<string>) => {
      tell({ state: "live", sentence: "Live." });
      take(JSON.parse(message.data) as Update);
    };
    events.onerror = () => {
      const isOver = events.readyState === EventSource.CLOSED;
      events.close();
      again(isOver ? FULL : LOST);
    };
  }
}

/** Shows the key of the address once for a cookie, and takes it out of the address. @returns the status, 0 without a server. */
async function showKey(): Promise<number> {
  const key = location.hash.slice(1);
  const headers: Record<string, string> = /^[\w-]{16,128}$/.test(key)
    ? { Authorization: `Bearer ${key}` }
    : {};
  try {
    const { status } = await fetch("/session", { headers });
    if (status === 204 && key !== "") history.replaceState(null, "", location.pathname);
    return status;
  } catch {
    return 0;
  }
}

async function fetchWindows(request: WindowRequest, signal: AbortSignal): Promise<SeriesWindow[]> {
  const { series, axis, log, from, to, columns, smoothing } = request;
  const query = new URLSearchParams({
    series: series.map(({ run, metric }) => `${run}.${metric}`).join(","),
    axis,
    ...(log ? { log: "1" } : {}),
    from: String(from),
    to: String(to),
    columns: String(columns),
    ...(smoothing === null ? {} : { smoothing: String(smoothing) }),
  });
  const response = await fetch(`/api/windows?${query.toString()}`, { signal });
  if (!response.ok) throw new Error((await response.text()).trim());
  return windowsFromBytes(await response.arrayBuffer());
}
