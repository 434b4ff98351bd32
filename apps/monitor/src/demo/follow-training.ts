import { TERMINAL_RESOLUTION } from "../plot/run-plots.ts";
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../cli/context.ts";
import { LiveRuns } from "../live/live-runs.ts";
import { watchOnScreen } from "../terminal/watch-screen.ts";
import type { DemoProgress } from "./demo-progress.ts";
import type { Training } from "./start-training.ts";

/** How following ended: all trained, the person pressed q, or a signal or Ctrl-C came. */
export type FollowEnd = "trained" | "left" | "interrupted";

/** What to follow. */
export interface Followed {
  readonly training: Training;
  readonly logs: readonly string[];
  readonly progress: DemoProgress;
  /** Whether to take over the terminal. */
  readonly onScreen: boolean;
  /** Takes lines of progress where the terminal is not taken over. */
  readonly print: (line: string) => void;
}

/** Milliseconds between looks at what the logs have brought. */
const LOOK = 50;

/**
 * Follows the logs of training until it has ended and their last byte is read: on a terminal in the live view, else
 * with a few lines. When it returns, the training thread has been told to end and nothing is followed any more.
 */
export async function followTraining(context: Context, followed: Followed): Promise<FollowEnd> {
  const { training, logs, progress, onScreen, print } = followed;
  const stop = new AbortController();
  const live = new LiveRuns(logs, {
    signal: AbortSignal.any([context.signal, stop.signal]),
    plots: TERMINAL_RESOLUTION,
  });
  const readToTheEnd = async (): Promise<FollowEnd> => {
    await training.ended;
    while (!stop.signal.aborted && live.runs.length + logs.length > 0 && unread(live, logs))
      await sleep(LOOK);
    return "trained";
  };
  const look = onScreen
    ? lookOnScreen(context, live, stop.signal)
    : lookInLines(context, live, progress, print, stop.signal);
  try {
    return await Promise.race([readToTheEnd(), look, live.done.then(() => look)]);
  } finally {
    training.stop();
    stop.abort();
    await Promise.allSettled([live.done, look]);
  }
}

async function lookOnScreen(context: Context, live: LiveRuns, closing: AbortSignal): Promise<FollowEnd> {
  const how = await watchOnScreen(context, () => live.runs, closing);
  return how === "quit" ? "left" : "interrupted";
}

async function lookInLines(
  context: Context,
  live: LiveRuns,
  progress: DemoProgress,
  print: (line: string) => void,
  closing: AbortSignal,
): Promise<FollowEnd> {
  while (!context.signal.aborted && !closing.aborted) {
    const line = progress.take(live.runs);
    if (line !== null) print(line);
    await sleep(LOOK);
  }
  return "interrupted";
}

function unread(live: LiveRuns, logs: readonly string[]): boolean {
  const read = live.runs.reduce((sum, run) => sum + (run.bytes ?? 0), 0);
  return read < logs.reduce((sum, path) => sum + statSync(path).size, 0);
}
