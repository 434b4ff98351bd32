import { LossflowError } from "@lossflow/core";
import {
  type BlockSeries,
  bootstrapCentre,
  bootstrapDifference,
  type Centre,
  commonStretch,
  differenceOver,
  type Interval,
  levelOver,
} from "@lossflow/series";
import { seededRandom } from "../demo/seeded-random.ts";
import type { CompareAxis } from "./comparable-run.ts";

/** A run's series of one metric. */
export interface ComparedSeries {
  readonly run: string;
  readonly metric: string;
  /** Runs of one group differ by their seed alone; a run without one is a group of its own. */
  readonly group: string;
  readonly series: BlockSeries;
}

/** The mean of a group over the stretch, and how its interval was formed. */
export interface ComparedGroup {
  readonly group: string;
  readonly metric: string;
  readonly runs: readonly { readonly run: string; readonly points: number; readonly level: Interval }[];
  readonly level: Interval;
  readonly interval: "cells" | "bootstrap" | null;
}

/** How far a group lies above the first. */
export interface ComparedDifference {
  readonly group: string;
  readonly base: string;
  readonly difference: Interval;
  readonly interval: "cells" | "bootstrap" | null;
  /** null where the interval holds 0 or there is none. */
  readonly verdict: "below" | "above" | null;
}

/** Runs side by side at equal x: what `compare --json` prints. */
export interface Comparison {
  readonly version: 1;
  readonly axis: CompareAxis;
  /** The means are over `from < x <= at`. */
  readonly from: number;
  readonly at: number;
  readonly centre: Centre;
  readonly groups: readonly ComparedGroup[];
  readonly differences: readonly ComparedDifference[];
  /** Each group on a common grid, where there is a group of several runs. */
  readonly curves: readonly ComparedCurve[];
}

/** A group's centre and interval at each place of a grid that all runs share. */
export interface ComparedCurve {
  readonly group: string;
  readonly x: readonly number[];
  readonly centre: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

const GRID = 64;
/** The bootstrap's numbers are the same in every call. */
const SEED = 1;

/**
 * Compares groups of runs at equal x with the first group: over a stretch that ends at `at`, or at the last x that all
 * have. Between two single runs the interval is that of the cells of the stretch (noise along the run); where both groups
 * have three runs or more, a bootstrap over the runs (what another seed would change).
 * @throws LF_NOTHING_IN_COMMON where there is no such stretch.
 */
export function computeComparison(
  compared: readonly ComparedSeries[],
  axis: CompareAxis,
  at: number | null,
  centre: Centre,
): Comparison {
  const all = compared.map(({ series }) => series);
  const stretch = commonStretch(all, at);
  if (stretch === null) throw nothingInCommon(compared, axis, at);
  const byGroup = new Map<string, ComparedSeries[]>();
  for (const one of compared) byGroup.set(one.group, [...(byGroup.get(one.group) ?? []), one]);
  const levels = (members: readonly ComparedSeries[]): number[] =>
    members.map(({ series }) => levelOver(series, stretch).value);
  const groups = [...byGroup].map(([group, members]): ComparedGroup => {
    const runs = members.map(({ run, series }) => ({
      run,
      points: series.count,
      level: levelOver(series, stretch),
    }));
    const level =
      members.length === 1 ? runs[0]!.level : bootstrapCentre(levels(members), centre, seededRandom(SEED));
    const interval = level.low === null ? null : members.length === 1 ? "cells" : "bootstrap";
    return { group, metric: members[0]!.metric, runs, level, interval };
  });
  const [[base, baseMembers], ...others] = [...byGroup] as [
    [string, ComparedSeries[]],
    ...[string, ComparedSeries[]][],
  ];
  const differences = others.map(([group, members]): ComparedDifference => {
    const single = members.length === 1 && baseMembers.length === 1;
    const difference = single
      ? differenceOver(baseMembers[0]!.series, members[0]!.series, stretch)
      : bootstrapDifference(levels(baseMembers), levels(members), centre, seededRandom(SEED));
    const { low, high } = difference;
    const interval = low === null ? null : single ? "cells" : "bootstrap";
    const verdict = low === null || high === null ? null : high < 0 ? "below" : low > 0 ? "above" : null;
    return { group, base, difference, interval, verdict };
  });
  const hasSeeds = [...byGroup.values()].some((members) => members.length > 1);
  const first = Math.max(...all.map(({ range }) => range[0]));
  const curves = hasSeeds
    ? [...byGroup].map(([group, members]) => curveOf(group, members, first, stretch.to, centre))
    : [];
  return { version: 1, axis, from: stretch.from, at: stretch.to, centre, groups, differences, curves };
}

function curveOf(
  group: string,
  members: readonly ComparedSeries[],
  from: number,
  to: number,
  centre: Centre,
): ComparedCurve {
  const x = Array.from({ length: GRID }, (_, k) => from + ((to - from) * k) / (GRID - 1));
  const points = x.map((place) =>
    bootstrapCentre(
      members.map(({ series }) => series.at(place)),
      centre,
      seededRandom(SEED),
    ),
  );
  return {
    group,
    x,
    centre: points.map(({ value }) => value),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
  };
}

function nothingInCommon(
  compared: readonly ComparedSeries[],
  axis: CompareAxis,
  at: number | null,
): LossflowError {
  const ranges = compared
    .map(({ run, series: { range } }) => `${run} has ${axis} ${range[0]} to ${range[1]}`)
    .join(", ");
  return new LossflowError(
    "LF_NOTHING_IN_COMMON",
    at === null
      ? `The runs have no ${axis} in common: ${ranges}; compare them by another axis with --by.`
      : `Not all runs reach ${axis} ${at}: ${ranges}; give another --at.`,
  );
}
