import type { LossColumns } from "@lossflow/core";
import { wholeOf, type Metric } from "./metric.ts";

/** A metric of one part an element, whose figure is formed of its weighted mean. */
export function elementMetric(
  id: string,
  target: Metric["target"],
  name: string,
  part: (p: number, t: number) => number,
  figure: (mean: number) => number,
): Metric {
  const evaluate = (
    { prediction, target: targets, rows }: LossColumns,
    out: readonly Float64Array[],
  ): void => {
    for (let i = 0; i < rows; i++) {
      const [p, t] = [prediction[i]!, targets[i]!];
      out[0]![i] = p !== p || t !== t ? Number.NaN : part(p, t);
    }
  };
  return {
    id,
    params: {},
    unit: "element",
    target,
    readsVariance: false,
    decomposable: false,
    whole: wholeOf([name], evaluate, ([sum], weightSum) => figure(sum! / weightSum)),
    detail: ([sum]) => ({ counts: { [name]: sum! } }),
  };
}
