import type { EventKind, RunEvent } from "@lossflow/logs";

/** Kinds after which a run is lost or its figures mean something else. */
const GRAVE: ReadonlySet<EventKind> = new Set([
  "nan",
  "inf",
  "divergence",
  "traceback",
  "oom",
  "signal",
  "rewrite",
  "resume",
]);

/**
 * Picks at most `limit` events to show, in their own order: grave ones before the rest, those of the main metric and of
 * the run as a whole before those of other metrics, the first of a kind and metric before its repetitions.
 */
export function tellingEvents(events: readonly RunEvent[], main: string | null, limit: number): RunEvent[] {
  if (events.length <= limit) return [...events];
  const seen = new Map<string, number>();
  const ranked = events.map((event, at) => {
    const key = JSON.stringify([event.kind, event.metric]);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const rank = (GRAVE.has(event.kind) ? 0 : 2) + (event.metric === null || event.metric === main ? 0 : 1);
    return { event, at, rank, before };
  });
  const chosen = ranked.sort((a, b) => a.rank - b.rank || a.before - b.before || a.at - b.at).slice(0, limit);
  return chosen.sort((a, b) => a.at - b.at).map(({ event }) => event);
}
