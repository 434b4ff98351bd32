import type { FormatChoice } from "@lossflow/logs";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { PAGE_RESOLUTION, TERMINAL_RESOLUTION } from "../plot/run-plots.ts";
import { LiveRuns } from "../live/live-runs.ts";
import { watchOnScreen } from "./watch-screen.ts";

/** Follows sources in the terminal view until `q` (0) or Ctrl-C (130); `note` stands before its status. */
export async function watchSources(
  context: Context,
  sources: readonly string[],
  format: FormatChoice | undefined,
  beside?: (live: LiveRuns) => void,
  note: string = "",
): Promise<number> {
  const stop = new AbortController();
  const failed = new AbortController();
  const live = new LiveRuns(sources, {
    copied: context.copied,
    signal: AbortSignal.any([context.signal, stop.signal]),
    format,
    plots: beside === undefined ? TERMINAL_RESOLUTION : PAGE_RESOLUTION,
  });
  beside?.(live);
  // The view stays when the input has ended; a reader that fails closes it.
  const done = live.done.catch((error: unknown) => failed.abort(error));
  try {
    const end = await watchOnScreen(
      context,
      () => live.runs,
      failed.signal,
      () => live.awaited.length,
      note,
    );
    failed.signal.throwIfAborted();
    return end === "interrupt" ? 130 : EXIT.fine;
  } finally {
    stop.abort();
    await done;
  }
}
