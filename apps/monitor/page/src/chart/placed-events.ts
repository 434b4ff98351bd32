import type { Axis } from "../../../src/plot/axis.ts";
import type { MetricGroup } from "../state/metric-groups.ts";
import { isMarked } from "./paint-events.ts";
import type { PlacedEvent } from "./picture.ts";

/** Events of one chart at most: more would be a wall of signs. */
const MOST = 400;

/** The events of a group's runs that speak of its metric, or of the run as a whole, where they stand along an axis. */
export function placeEvents(group: MetricGroup, axis: Axis): PlacedEvent[] {
  const placed: PlacedEvent[] = [];
  const names = new Set(group.series.map(({ metric }) => metric.name));
  const seen = new Set<string>();
  for (const { run } of group.series) {
    // Training and validation of one run share its events.
    if (seen.has(run.head.id)) continue;
    seen.add(run.head.id);
    for (const event of run.events) {
      const x = axis === "step" ? event.step : (event.at[axis] ?? null);
      if (x === null || !isMarked(event.kind)) continue;
      if (event.metric !== null && !names.has(event.metric)) continue;
      if (placed.push({ x, run: run.head.name, event }) === MOST) return placed;
    }
  }
  return placed;
}
