import { LossflowError } from "@lossflow/core";
import {
  type BlockSeries,
  bootstrapCentre,
  bootstrapDifference,
  type Centre,
  commonCells,
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

/** The mean of a run over the stretch. */
export interface ComparedRun {
  readonly run: string;
  /** Finite points of the whole run. */
  readonly points: number;
  /** Points of the whole run that are not finite, and x of the first; null of none. */
  readonly notFinite: number;
  readonly firstNotFinite: number | null;
  /** Points that the mean is over: those where all runs compared have finite ones. */
  readonly over: number;
  readonly level: Interval;
}

/** The mean of a group over the stretch, and how its interval was formed. */
export interface ComparedGroup {
  readonly group: string;
  readonly metric: string;
  readonly runs: readonly ComparedRun[];
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
  /** The means are over `from <= x <= at`. */
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
  const cells = commonCells(all, stretch);
  const byGroup = new Map<string, ComparedSeries[]>();
  for (const one of compared) byGroup.set(one.group, [...(byGroup.get(one.group) ?? []), one]);
  const indexOf = ({ series }: ComparedSeries): number => all.indexOf(series);
  const levels = (members: readonly ComparedSeries[]): number[] =>
    members.map((member) => levelOver(cells, indexOf(member)).value);
  const groups = [...byGroup].map(([group, members]): ComparedGroup => {
    const runs = members.map((member): ComparedRun => {
      const { run, series } = member;
      const index = indexOf(member);
      return {
        run,
        points: series.count,
        notFinite: series.notFinite,
        firstNotFinite: series.notFinite === 0 ? null : series.firstNotFinite,
        over: cells.reduce((sum, { counts }) => sum + counts[index]!, 0),
        level: levelOver(cells, index),
      };
    });
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
      ? differenceOver(cells, indexOf(baseMembers[0]!), indexOf(members[0]!))
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
