import { RunningLoss, type Count, type Loss, type RunningReduction } from "@lossflow/core";
import { QuantileSketch, type LossTable } from "@lossflow/core/running";
import type { Cell } from "../fold/fold-state.ts";
import type { SketchOfCells } from "../fold/merged-counts.ts";
import type { Figures } from "./snapshot.ts";

/** How the states of a loss are read. */
export interface LossReading {
  readonly loss: Loss;
  readonly reduction: RunningReduction;
  /** Losses of one row. */
  readonly elements: number;
  /** The shares of which quantiles are asked for. */
  readonly quantiles?: readonly number[] | undefined;
}

/** Reads quantiles, which are between the figures' minimum and maximum; none where none are asked for. */
export function quantilesOf(
  sketch: SketchOfCells | undefined,
  { quantiles }: LossReading,
  { min, max }: Pick<Figures, "min" | "max">,
): Pick<Figures, "quantiles"> {
  if (quantiles === undefined) return {};
  const valueOf = (p: number): number | null =>
    sketch === undefined || sketch.buckets.length === 0
      ? null
      : QuantileSketch.quantileOf(sketch.buckets, sketch.counts, p, min ?? -Infinity, max ?? Infinity);
  return { quantiles: quantiles.map((p) => ({ p, value: valueOf(p) })) };
}

/** Reads the figures of one cell of a table. */
export function figuresOfTable(table: LossTable, reading: LossReading, cell: number): Figures {
  const { loss, reduction, elements } = reading;
  const { count, finite, missing, ignored, nan, posInf, negInf, weightSum, sum, mean, min, max, reduced } =
    table.valueAt(cell, reduction, { elements, whole: loss.whole });
  const figures = { count, finite, missing, ignored, nan, posInf, negInf, weightSum, sum, mean };
  return loss.decomposable
    ? { value: reduced, ...figures, min, max }
    : { value: reduced, ...figures, min: null, max: null };
}

/** Reads what is told of a cell of a table, whose sketch is that of its losses. */
export type FiguresOfCell<T> = (table: LossTable, cell: number, sketch: SketchOfCells | undefined) => T;

/** Reads the figures of all rows. */
export function figuresOfTotal({ state, nullRows }: Cell, reading: LossReading): Figures {
  const { loss, reduction, elements } = reading;
  const { finite, nan, posInf, negInf, count, missing, ignored, weightSum, sum, mean, min, max } =
    RunningLoss.value(state, loss.whole);
  return {
    value: RunningLoss.reduce(state, reduction, loss.whole),
    count,
    finite,
    missing: addCounts(missing, nullRows * elements),
    ignored,
    nan,
    posInf,
    negInf,
    weightSum,
    sum,
    mean,
    min: loss.decomposable ? min : null,
    max: loss.decomposable ? max : null,
  };
}

/** Adds two counts, exactly. */
export function addCounts(a: Count, b: Count): Count {
  const sum = Number(a) + Number(b);
  return sum <= Number.MAX_SAFE_INTEGER ? sum : BigInt(a) + BigInt(b);
}
