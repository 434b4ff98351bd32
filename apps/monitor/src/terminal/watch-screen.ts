import type { Context } from "../cli/context.ts";
import { stopReasonFrom } from "../cli/stop-reason.ts";
import { SMOOTHING_WEIGHTS } from "../compute/series-chart.ts";
import { tellingEvents } from "../compute/telling-events.ts";
import type { LiveRun } from "../live/live-run.ts";
import { styleFor } from "../format/style.ts";
import { type KeyAction, keyActionsFrom } from "./keys.ts";
import { openScreen } from "./screen.ts";
import { formatStatus } from "./status-text.ts";
import { renderWatch, type WatchView } from "./watch-view.ts";

/** How a person left the view, or that it was closed from outside. */
export type ScreenEnd = "quit" | "interrupt" | "closed";

/** Milliseconds between looks at the data; the picture is drawn again where something changed. */
const FRAME = 100;
/** Events that are looked through for the last few to show. */
const EVENTS = 12;
/** Smoothing weights that `s` goes through. */
const WEIGHTS = [null, ...SMOOTHING_WEIGHTS];
/** Shares of the points, counted from the newest, that `z` goes through. */
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8] as const;

interface Choice {
  run: number;
  /** The chosen metric by name, null for the main loss. */
  metric: string | null;
  weight: number;
  share: number;
  log: boolean;
  help: boolean;
}

/**
 * Shows growing runs on the whole terminal until `q`, Ctrl-C, the context's signal or `closing`; the terminal is given
 * back as it was. `runs` is read anew for each picture, so runs may join; `awaited` counts the sources that have brought none yet.
 */
export async function watchOnScreen(
  context: Context,
  runs: () => readonly LiveRun[],
  closing: AbortSignal,
  awaited: () => number = () => 0,
  note: string = "",
): Promise<ScreenEnd> {
  const { stdin, stdout } = context;
  const style = styleFor(stdout, context.env);
  const choice: Choice = { run: 0, metric: null, weight: 0, share: 0, log: false, help: false };

  return new Promise((resolve, reject) => {
    const draw = (): void => {
      const all = runs();
      const run = all[Math.min(choice.run, all.length - 1)];
      const view = run === undefined ? emptyView(awaited()) : viewOf(run, all.length, awaited(), choice);
      const status = note === "" ? view.status : `${note}  ${view.status}`;
      screen.draw(renderWatch({ ...view, status }, screen.columns, screen.rows, style));
    };
    const guarded = (): void => {
      try {
        draw();
      } catch (error) {
        end();
        reject(error);
      }
    };
    const onData = (typed: Buffer): void => {
      for (const action of keyActionsFrom(typed.toString("utf8"))) {
        if (action === "quit" || action === "interrupt") return finish(action);
        applyKey(action, choice, runs());
      }
      guarded();
    };
    const onSignal = (): void =>
      finish(stopReasonFrom(context.signal)?.kind === "signal" ? "interrupt" : "closed");
    const onClosing = (): void => finish("closed");
    const end = (): void => {
      clearInterval(timer);
      context.signal.removeEventListener("abort", onSignal);
      closing.removeEventListener("abort", onClosing);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.off("data", onData);
      stdin.pause();
      screen.close();
    };
    const finish = (how: ScreenEnd): void => {
      end();
      resolve(how);
    };

    const screen = openScreen(stdout, guarded);
    const timer = setInterval(guarded, FRAME);
    context.signal.addEventListener("abort", onSignal);
    closing.addEventListener("abort", onClosing);
    if (stdin.isTTY) {
      stdin.setRawMode(true);
      stdin.on("data", onData);
      stdin.resume();
    }
    guarded();
    if (context.signal.aborted) onSignal();
    else if (closing.aborted) onClosing();
  });
}

function viewOf(run: LiveRun, runCount: number, awaited: number, choice: Choice): WatchView {
  const metrics = run.fold.metrics;
  const selected = Math.max(
    0,
    metrics.findIndex((metric) => metric.name === (choice.metric ?? run.mainMetric())),
  );
  return {
    run: run.name,
    runIndex: choice.run,
    runCount,
    awaited,
    format: run.format,
    confidence: run.confidence,
    metrics,
    selected,
    events: tellingEvents(run.fold.events, metrics[selected]?.name ?? null, EVENTS),
    chart: (pixels) =>
      run.fold.chart(selected, { pixels, share: SHARES[choice.share]!, weight: WEIGHTS[choice.weight]! }),
    log: choice.log,
    help: choice.help,
    status: formatStatus(run, Date.now()),
  };
}

function emptyView(awaited: number): WatchView {
  return {
    run: "lossflow",
    runIndex: 0,
    runCount: 0,
    awaited,
    format: null,
    confidence: 0,
    metrics: [],
    selected: 0,
    events: [],
    chart: () => {
      throw new Error("There is no metric to draw.");
    },
    log: false,
    help: false,
    status: "waiting for a run",
  };
}

function applyKey(action: KeyAction, choice: Choice, runs: readonly LiveRun[]): void {
  const turn = (at: number, by: number, size: number): number => (size === 0 ? 0 : (at + by + size) % size);
  const run = runs[choice.run];
  const names = run?.fold.metrics.map((metric) => metric.name) ?? [];
  const selected = Math.max(0, names.indexOf(choice.metric ?? run?.mainMetric() ?? ""));
  switch (action) {
    case "next-metric":
      choice.metric = names[turn(selected, 1, names.length)] ?? null;
      break;
    case "previous-metric":
      choice.metric = names[turn(selected, -1, names.length)] ?? null;
      break;
    case "next-run":
      choice.run = turn(choice.run, 1, runs.length);
      break;
    case "previous-run":
      choice.run = turn(choice.run, -1, runs.length);
      break;
    case "smoothing":
      choice.weight = turn(choice.weight, 1, WEIGHTS.length);
      break;
    case "zoom":
      choice.share = turn(choice.share, 1, SHARES.length);
      break;
    case "log":
      choice.log = !choice.log;
      break;
    case "help":
      choice.help = !choice.help;
      break;
  }
}
