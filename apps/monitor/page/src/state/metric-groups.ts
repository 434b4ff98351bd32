import { measuredOn, pairKey } from "../../../src/plot/metric-pair.ts";
import type { MetricState } from "../../../src/plot/run-state.ts";
import type { RunView } from "./runs.ts";
import type { Settings } from "./settings.ts";

/** A series of one run. */
export interface GroupSeries {
  readonly run: RunView;
  readonly metric: MetricState;
}

/** The series of one quantity, of all runs that are drawn: those of one name, and with them those of held-out data. */
export interface MetricGroup {
  /** The name of the first of them; it tells groups apart. */
  readonly name: string;
  /** The name of the held-out series among them, null where there is none. */
  readonly heldOut: string | null;
  readonly series: readonly GroupSeries[];
}

/** What there is to show, and how much there would be without a search. */
export interface MetricGroups {
  readonly shown: readonly MetricGroup[];
  readonly total: number;
}

/**
 * Groups series by name: pinned ones first, then main losses, then other losses, then the rest as the logs name them.
 * Where pairs are asked for, a validation series stands in the chart of its training series. The words of a search must all stand in the name; a word `run:x` asks for runs with x in theirs.
 */
export function groupMetrics(runs: readonly RunView[], settings: Settings): MetricGroups {
  const words = settings.search.toLowerCase().split(/\s+/).filter(Boolean);
  const ofRuns = words.filter((word) => word.startsWith("run:")).map((word) => word.slice(4));
  const ofNames = words.filter((word) => !word.startsWith("run:"));
  const hidden = new Set(settings.hidden);
  const names = new Set<string>();
  const allNames = new Set(runs.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const partners = settings.pair ? partnersOf([...allNames]) : new Map<string, string>();
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
      const partner = partners.get(metric.name);
      // A search for the validation series alone shows it alone.
      const name =
        partner !== undefined && ofNames.every((word) => partner.toLowerCase().includes(word))
          ? partner
          : metric.name;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [{ run, metric }]);
      else group.push({ run, metric });
      const rank = run.head.main === metric.id ? 1 : metric.isLoss ? 2 : metric.count > 1 ? 3 : 4;
      ranks.set(name, Math.min(rank, ranks.get(name) ?? rank));
    }
  }
  for (const pin of settings.pins) if (ranks.has(pin)) ranks.set(pin, 0);
  const shown = [...groups].map(([name, series]) => {
    const heldOut = series.find(({ metric }) => metric.name !== name)?.metric.name ?? null;
    // Held-out lines last: few points over many.
    const ordered =
      heldOut === null ? series : [...series].sort((a, b) => isOther(a, name) - isOther(b, name));
    return { name, heldOut, series: ordered };
  });
  shown.sort((a, b) => ranks.get(a.name)! - ranks.get(b.name)!);
  return { shown, total: names.size };
}

function isOther({ metric }: GroupSeries, name: string): number {
  return metric.name === name ? 0 : 1;
}

/** The training series of each validation series, by name, where there is one. */
function partnersOf(names: readonly string[]): Map<string, string> {
  const training = new Map<string, string>();
  for (const name of names)
    if (measuredOn(name) !== "validation" && !training.has(pairKey(name))) training.set(pairKey(name), name);
  const partners = new Map<string, string>();
  for (const name of names) {
    const partner = measuredOn(name) === "validation" ? training.get(pairKey(name)) : undefined;
    if (partner !== undefined) partners.set(name, partner);
  }
  return partners;
}
