import { AXES, type Axis } from "../../../src/plot/axis.ts";
import type { EventState, MetricState, RunHead, RunUpdate, Update } from "../../../src/plot/run-state.ts";
import { createValue, type Value } from "./value.ts";

/** A run as the page knows it. */
export interface RunView {
  readonly head: RunHead;
  /** Its place among all runs, which its colour follows. */
  readonly index: number;
  readonly metrics: readonly MetricState[];
  readonly events: readonly EventState[];
}

/** Every run of every backend, in the order they came. */
export const runs: Value<readonly RunView[]> = createValue<readonly RunView[]>([]);

/** Takes an update of the backend whose run ids begin with `prefix`. */
export function takeUpdate(prefix: string, update: Update): void {
  const known = new Map(runs.get().map((run) => [run.head.id, run]));
  if (update.whole) for (const id of known.keys()) if (id.startsWith(prefix)) known.delete(id);
  for (const changed of update.runs) known.set(changed.id, updated(known.get(changed.id), changed));
  runs.set([...known.values()].map((run, index) => (run.index === index ? run : { ...run, index })));
}

/** JSON has no NaN and no infinities: they come as their names. */
function numberFrom(value: number | string): number {
  return Number(value);
}

function updated(run: RunView | undefined, changed: RunUpdate): RunView {
  const { metrics, events, ...head } = changed;
  const allMetrics = [...(run?.metrics ?? [])];
  for (const metric of metrics) allMetrics[metric.id] = { ...metric, latest: numberFrom(metric.latest) };
  const allEvents = [...(run?.events ?? [])];
  for (const [k, event] of events) allEvents[k] = event;
  return { head, index: run?.index ?? -1, metrics: allMetrics, events: allEvents };
}

/** The axes that some run states, in their order; the steps always. */
export function statedAxes(views: readonly RunView[]): readonly Axis[] {
  const stated = new Set(
    views.flatMap(({ metrics }) => metrics.flatMap(({ extents }) => Object.keys(extents))),
  );
  return AXES.filter((axis) => axis === "step" || stated.has(axis));
}
