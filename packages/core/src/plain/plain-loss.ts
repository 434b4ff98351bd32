import { checkNames } from "../input/check-names.ts";
import type { FloatArray, LossColumns, LossId, LossValue, Numbers } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import { checkOptions } from "../losses/parameters.ts";
import type { LayOut } from "./lay-out.ts";

/** What the losses of a batch become: an array of them, their mean, their sum. */
export type PlainReduction = "none" | "mean" | "sum";

/** What may come with a batch besides predictions and targets. */
export interface PlainBatch {
  /** How many predictions a row has, where targets have as many; labels tell it by their number too. */
  readonly classes?: number;
  /** One variance >= 0 an element; gaussianNll alone reads it. */
  readonly variance?: Numbers;
}

/** A configured loss of flat arrays, each element or row of which counts once. */
export interface PlainLoss<R extends PlainReduction = PlainReduction> {
  readonly id: LossId;
  /** Every parameter but the reduction, resolved: `lossFromSpec({ loss: id, params })` gives the loss that takes weights. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly reduction: R;
  /**
   * Computes the reduced loss of a batch, in doubles, rounded once to the width of the prediction; sums are exact. Empty:
   * sums are 0, means NaN. The bits are those of the loss that takes weights.
   * @throws LF_LENGTH_MISMATCH, LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE, ... with `row` and `column`.
   */
  value(prediction: Numbers, target: Numbers, batch?: PlainBatch | null): LossValue<R>;
  /**
   * Computes the gradient of {@link PlainLoss.value} (for "none", of the sum of the values) by the prediction, in its order.
   * @throws as {@link PlainLoss.value}.
   */
  gradient(prediction: Numbers, target: Numbers, batch?: PlainBatch | null): FloatArray;
}

/** Makes a loss of its own options and a reduction, by default the mean. @throws LF_BAD_PARAMETER. */
export type PlainFactory<Options = unknown> = <R extends PlainReduction = "mean">(
  options?: Options & { readonly reduction?: R },
) => PlainLoss<R>;

/** A loss with its options read, and what computes its gradient, or its figures, several for "none" alone. */
export interface Plain extends Pick<Kernel, "id" | "rules"> {
  readonly compute: (columns: LossColumns, reduction: PlainReduction, isGradient: boolean) => Numbers;
}

/** Makes the factory of a loss: `read` reads its options, `layOut` its arrays. */
export function plainLoss<Options>(read: (options: Options) => Plain, layOut: LayOut): PlainFactory<Options> {
  return <R extends PlainReduction = "mean">(given?: Options & { readonly reduction?: R }) => {
    const options = given ?? ({} as Options & { readonly reduction?: R });
    const { id, rules, compute } = read(options);
    const { reduction, ...params } = checkOptions(id, options, {
      ...rules,
      reduction: [options.reduction ?? "mean", "none", "mean", "sum"],
    }) as { reduction: R };
    const run =
      (isGradient: boolean) =>
      (x: Numbers, t: Numbers, batch?: PlainBatch | null): FloatArray | number => {
        batch ??= {};
        checkNames("a batch", batch, ["classes", "variance"]);
        const result = compute(layOut(x, t, batch), reduction, isGradient);
        // What several figures come in is a Float64Array.
        const rounded = x instanceof Float32Array ? new Float32Array(result) : (result as Float64Array);
        return isGradient || reduction === "none" ? rounded : rounded[0]!;
      };
    return {
      id,
      params,
      reduction,
      value: run(false) as PlainLoss<R>["value"],
      gradient: run(true) as PlainLoss<R>["gradient"],
    };
  };
}
