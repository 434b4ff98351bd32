import { flatTensor } from "../input/flat-tensor.ts";
import { weightsFromOptions } from "../input/weights-from-options.ts";
import type { Arrange } from "../input/arrangement.ts";
import type { Loss, Reduction } from "../loss.ts";
import { exactMeans } from "../reduce/exact-means.ts";
import { exactProducts } from "../reduce/exact-products.ts";
import { assembleLoss, type ElementwiseOptions, type More } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";

/**
 * Makes a loss of what reads its options, null for none: adds weights and reductions, which are the same for all. Sums are exact, and rounded once
 * before they are divided.
 * @throws LF_BAD_PARAMETER.
 */
export function lossFromKernel<R extends Reduction, O extends object, K extends Kernel>(
  read: (options: O) => K,
  arrange: Arrange,
  options: (O & ElementwiseOptions<R>) | null | undefined,
  moreOf?: (kernel: K) => More | undefined,
): Loss<R> {
  options ??= {} as O & ElementwiseOptions<R>;
  const kernel = read(options);
  return assembleLoss(
    kernel,
    options,
    (x, t, batch, reduction, isGradient, perSample) => {
      const arranged = arrange(flatTensor(x, "prediction"), flatTensor(t, "target"), batch);
      const [weight, divisor, group] = weightsFromOptions(kernel, arranged, batch, reduction, perSample);
      const columns = { ...arranged, weight };
      const isClean = kernel.check?.(columns);
      const { rows, classes } = columns;
      const each = isGradient ? classes : 1;
      const isList = reduction === "none";
      const isSummed = !isGradient && (!isList || group !== 1);
      const values = isSummed && rows <= ROOM.length ? ROOM.subarray(0, rows) : new Float64Array(rows * each);
      if (isSummed) {
        const load = (unit: number): Float64Array => {
          kernel.evaluate(columns, values, isClean);
          return weight || unit !== 1 ? exactProducts(values, weight, unit) : values;
        };
        return exactMeans(load, divisor, isList ? rows / group || 0 : 1);
      }
      (isGradient ? kernel.differentiate : kernel.evaluate)(columns, values, isClean);
      for (let i = 0; i < values.length; i++) {
        const w = weight?.[Math.floor(i / each)] ?? 1;
        values[i] = w === 0 || divisor !== divisor ? 0 : (values[i]! * w) / divisor;
      }
      return (isGradient && arranged.restore?.(values)) || values;
    },
    {
      unreduced(columns, out) {
        kernel.evaluate(columns, out, kernel.check?.(columns));
      },
      ...moreOf?.(kernel),
    },
  );
}

/** For losses that are summed up at once: the pages of a new array each time take as long as its sum. */
const ROOM = /* @__PURE__ */ new Float64Array(2 ** 16);
