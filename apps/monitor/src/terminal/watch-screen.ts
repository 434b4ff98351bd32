import type { Context } from "../cli/context.ts";
import { stopReasonFrom } from "../cli/stop-reason.ts";
import { tellingEvents } from "../compute/telling-events.ts";
import { windowOfPlots } from "../compute/window-of-plots.ts";
import type { LiveRun } from "../live/live-run.ts";
import { styleFor } from "../format/style.ts";
import { validationOf } from "../plot/metric-pair.ts";
import type { SeriesPlot } from "../plot/series-plot.ts";
import { keyActionsFrom } from "./keys.ts";
import { openScreen } from "./screen.ts";
import { formatStatus } from "./status-text.ts";
import { applyKey, firstChoice, type WatchChoice, type WatchRange } from "./watch-choice.ts";
import { renderWatch, type WatchView } from "./watch-view.ts";

/** How a person left the view, or that it was closed from outside. */
export type ScreenEnd = "quit" | "interrupt" | "closed";

/** Milliseconds between looks at the data; the picture is drawn again where something changed. */
const FRAME = 100;
/** How many times as long as a picture took to draw the next one is waited for, unless a key asks: 2 % of a core. */
const REST = 50;
/** Milliseconds that it is waited for at most. */
const LONGEST_REST = 1_000;
/** Events that are looked through for the last few to show. */
const EVENTS = 12;
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
  const choice = firstChoice();
  let drawn = "";
  let due = 0;

  return new Promise((resolve, reject) => {
    const draw = (): void => {
      const began = performance.now();
      const all = runs();
      const run = all[Math.min(choice.run, all.length - 1)];
      const doing = run === undefined ? "waiting for a run" : formatStatus(run, Date.now());
      const status = note === "" ? doing : `${note}  ${doing}`;
      const state = stateOf(all, choice, `${status} ${screen.columns} ${screen.rows} ${awaited()}`);
      if (state === drawn) return;
      drawn = state;
      const view =
        run === undefined ? emptyView(awaited(), status) : viewOf(run, all, awaited(), choice, status);
      screen.draw(renderWatch(view, screen.columns, screen.rows, style));
      const ended = performance.now();
      due = ended + Math.min(LONGEST_REST, REST * (ended - began));
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
        applyKey(action, choice, rangeOf(runs(), choice));
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

    const screen = openScreen(stdout, () => {
      drawn = "";
      guarded();
    });
    const timer = setInterval(() => {
      if (performance.now() >= due) guarded();
    }, FRAME);
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

/** Everything that a picture depends on, as text: where it is the same the screen stays as it is. */
function stateOf(all: readonly LiveRun[], choice: WatchChoice, rest: string): string {
  const counts = all.map(({ fold, state }) => {
    let points = 0;
    for (const metric of fold.metrics) points += metric.count;
    return `${points} ${fold.events.length} ${state}`;
  });
  return `${JSON.stringify(choice)} ${counts.join()} ${rest}`;
}

/** The metric that is shown of a run, by index. */
function shownIn(run: LiveRun, choice: WatchChoice): number {
  const wanted = choice.metric ?? run.mainMetric();
  return Math.max(
    0,
    run.fold.metrics.findIndex(({ name }) => name === wanted),
  );
}

function viewOf(
  run: LiveRun,
  all: readonly LiveRun[],
  awaited: number,
  choice: WatchChoice,
  status: string,
): WatchView {
  const metrics = run.fold.metrics;
  const selected = shownIn(run, choice);
  const name = metrics[selected]?.name ?? null;
  const drawn = name === null ? [] : drawnLines(run, all, name, choice);
  return {
    run: run.name,
    runIndex: choice.run,
    runCount: all.length,
    awaited,
    format: run.format,
    confidence: run.confidence,
    metrics,
    selected,
    events: tellingEvents(run.fold.events, name, EVENTS),
    legend: drawn.map(({ label, colour }) => ({ label, colour })),
    chart: (pixels) => windowOfPlots(drawn, { ...choice, pixels }),
    scale: choice.scale,
    help: choice.help,
    status,
  };
}

/** A line of the chart: whose it is, and its colour. */
interface DrawnLine {
  readonly label: string;
  readonly colour: number;
  readonly plot: SeriesPlot;
}

/** The chosen metric of the chosen run last, before it the other runs or the validation series, as far as they are asked for. */
function drawnLines(
  run: LiveRun,
  all: readonly LiveRun[],
  name: string,
  { allRuns, pair }: WatchChoice,
): DrawnLine[] {
  const lineOf = (of: LiveRun, metric: string, label: string, colour: number): DrawnLine[] => {
    const index = of.fold.metrics.findIndex((other) => other.name === metric);
    const plot = of.plots?.plots[index];
    return plot === undefined ? [] : [{ label, colour, plot }];
  };
  if (allRuns && all.length > 1) {
    const others = all.flatMap((other, k) => (other === run ? [] : lineOf(other, name, other.name, k)));
    return [...others, ...lineOf(run, name, run.name, all.indexOf(run))];
  }
  const names = run.fold.metrics.map((metric) => metric.name);
  const validation = pair ? validationOf(name, names) : null;
  return [
    ...(validation === null ? [] : lineOf(run, validation, validation, 1)),
    ...lineOf(run, name, name, 0),
  ];
}

function rangeOf(all: readonly LiveRun[], choice: WatchChoice): WatchRange {
  const run = all[Math.min(choice.run, all.length - 1)];
  if (run === undefined) return { runs: 0, metrics: [], shown: null, plot: null };
  const metrics = run.fold.metrics.map((metric) => metric.name);
  const selected = shownIn(run, choice);
  return {
    runs: all.length,
    metrics,
    shown: metrics[selected] ?? null,
    plot: run.plots?.plots[selected] ?? null,
  };
}

function emptyView(awaited: number, status: string): WatchView {
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
    legend: [],
    chart: (pixels) => windowOfPlots([], { ...firstChoice(), pixels }),
    scale: "linear",
    help: false,
    status,
  };
}
