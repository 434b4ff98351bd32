import { RunningLoss, type RunningLossState } from "@lossflow/core";
import type { Metric } from "../metrics/metric.ts";
import { addCounts } from "./figures-of-table.ts";
import type { MetricFigures } from "./snapshot.ts";

/** Reads the figures of a metric; `missingRows` are those of rows that are null as a whole. */
export function figuresOfMetric(
  metric: Metric,
  state: RunningLossState,
  missingRows: number = 0,
): MetricFigures {
  const read = RunningLoss.value(state, metric.whole);
  const { count, finite, missing, ignored, nan, posInf, negInf, weightSum, mean } = read;
  return {
    value: mean,
    count,
    finite,
    missing: addCounts(missing, missingRows),
    ignored,
    nan,
    posInf,
    negInf,
    weightSum,
    ...metric.detail(state.parts.map(({ sum }) => sum.value())),
  };
}
