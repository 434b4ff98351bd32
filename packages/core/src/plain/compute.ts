import type { WeighedColumns } from "../input/arrangement.ts";
import type { LossColumns } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import { sumsOfParts, type Overlap } from "../losses/overlap.ts";
import { addExactly } from "../sum/add-exactly.ts";
import type { Plain } from "./plain-loss.ts";

/** Reduces the losses of a kernel. Each counts once, unless `mark` gives the columns weights 0 or 1, and how many are 1. */
export function reduced(
  kernel: Kernel,
  mark?: (columns: LossColumns) => [WeighedColumns, count: number] | false,
): Plain {
  return {
    ...kernel,
    compute(given, reduction, isGradient) {
      const [columns, count] = mark?.(given) || [given, given.rows];
      const isClean = kernel.check?.(columns);
      const values = new Float64Array(isGradient ? columns.prediction.length : columns.rows);
      const load = (unit: number): Float64Array => {
        (isGradient ? kernel.differentiate : kernel.evaluate)(columns, values, isClean);
        // `map` takes five times as long.
        if (unit !== 1) for (let i = 0; i < values.length; i++) values[i] &&= values[i]! / unit;
        return values;
      };
      const divisor = reduction === "mean" ? count : 1;
      if (isGradient || reduction === "none") return load(divisor);
      const sum = addExactly(load(1));
      // Too large on the way: once more in units of 2^64.
      return [Number.isFinite(sum) ? sum / divisor : (addExactly(load(2 ** 64)) / divisor) * 2 ** 64];
    },
  };
}

/** As {@link reduced}, but rows with the label that is ignored count nothing. */
export function kept(kernel: Kernel): Plain {
  const { ignoreIndex } = kernel;
  return reduced(kernel, (columns) => {
    const weight =
      ignoreIndex !== null && Float64Array.from(columns.target, (label) => +(label !== ignoreIndex));
    return weight && [{ ...columns, weight }, addExactly(weight)];
  });
}

/** Forms the figure of a loss of all elements together. */
export function together({ whole, slopes, ...rest }: Overlap): Plain {
  return {
    ...rest,
    compute(columns, reduction, isGradient) {
      const sums = sumsOfParts(whole, columns);
      return isGradient
        ? slopes(sums, columns)
        : Float64Array.of(whole.value(sums, columns.rows)[reduction === "sum" ? reduction : "mean"]);
    },
  };
}
