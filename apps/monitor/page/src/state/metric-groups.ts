import type { MetricState } from "../../../src/plot/run-state.ts";
import type { RunView } from "./runs.ts";
import type { Settings } from "./settings.ts";

/** A series of one run. */
export interface GroupSeries {
  readonly run: RunView;
  readonly metric: MetricState;
}

/** The series of one name, of all runs that are drawn. */
export interface MetricGroup {
  readonly name: string;
  readonly series: readonly GroupSeries[];
}

/** What there is to show, and how much there would be without a search. */
export interface MetricGroups {
  readonly shown: readonly MetricGroup[];
  readonly total: number;
}

/**
 * Groups series by name: pinned ones first, then main losses, then other losses, then the rest as the logs name them.
 * The words of a search must all stand in the name; a word `run:x` asks for runs with x in theirs.
 */
export function groupMetrics(runs: readonly RunView[], settings: Settings): MetricGroups {
  const words = settings.search.toLowerCase().split(/\s+/).filter(Boolean);
  const ofRuns = words.filter((word) => word.startsWith("run:")).map((word) => word.slice(4));
  const ofNames = words.filter((word) => !word.startsWith("run:"));
  const hidden = new Set(settings.hidden);
  const names = new Set<string>();
  const groups = new Map<string, GroupSeries[]>();
  const ranks = new Map<string, number>();
  for (const run of runs) {
    const isDrawn =
      !hidden.has(run.head.name) && ofRuns.every((word) => run.head.name.toLowerCase().includes(word));
    for (const metric of run.metrics) {
      names.add(metric.name);
      if (!isDrawn) continue;
      const lower = metric.name.toLowerCase();
      if (!ofNames.every((word) => lower.includes(word))) continue;
      const group = groups.get(metric.name);
      if (group === undefined) groups.set(metric.name, [{ run, metric }]);
      else group.push({ run, metric });
      const rank = run.head.main === metric.id ? 1 : metric.isLoss ? 2 : metric.count > 1 ? 3 : 4;
      ranks.set(metric.name, Math.min(rank, ranks.get(metric.name) ?? rank));
    }
  }
  for (const pin of settings.pins) if (ranks.has(pin)) ranks.set(pin, 0);
  const shown = [...groups].map(([name, series]) => ({ name, series }));
  shown.sort((a, b) => ranks.get(a.name)! - ranks.get(b.name)!);
  return { shown, total: names.size };
}
