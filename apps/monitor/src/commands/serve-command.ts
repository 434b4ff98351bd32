import { once } from "node:events";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { say } from "../cli/say.ts";
import { stopReasonFrom } from "../cli/stop-reason.ts";
import { LiveRuns } from "../live/live-runs.ts";
import { servePage } from "../server/serve-page.ts";

/** Flags of `lossflow serve`. */
export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly format?: string;
}

/** Serves the web page over sources, followed while they grow, until a signal; its address goes to standard output. */
export async function runServe(
  context: Context,
  sources: readonly string[],
  options: ServeOptions,
): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const tell = (sentence: string): void => say(context, sentence);
  const live = new LiveRuns(sources, { signal, format: options.format, plots: true, tell });
  // The page stays when standard input has ended; a reader that fails ends it.
  const followed = live.done.finally(() => stop.abort());
  const failed = live.done.then(async () => forever(context.signal));
  try {
    const server = await servePage(context, () => live.runs, options);
    try {
      context.stdout.write(`${server.url}\n`);
      await failed;
    } finally {
      await server.close();
    }
  } finally {
    stop.abort();
    await followed;
  }
  return stopReasonFrom(context.signal)?.exitCode ?? EXIT.fine;
}

async function forever(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
