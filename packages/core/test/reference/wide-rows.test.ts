import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lossFromSpec, LOSSES } from "@lossflow/core";

interface WideRow {
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly classes: number;
  readonly prediction: string;
  readonly target: string;
  readonly value: number;
  /** The size of the terms whose difference `value` is. */
  readonly size: number;
  /** Which entries of the gradient `slopes` are. */
  readonly at: readonly number[];
  readonly slopes: readonly number[];
  readonly sizes: readonly number[];
}

const { mpmath, bits, cases } = JSON.parse(
  readFileSync(new URL("wide-rows.json", import.meta.url), "utf8"),
) as { readonly mpmath: string; readonly bits: number; readonly cases: readonly WideRow[] };

describe(`rows of up to 65,536 columns, by mpmath ${mpmath}, ${bits} bits, scripts/wide-rows.py`, () => {
  const rowLosses = LOSSES.filter(({ unit }) => unit === "row").map(({ id }) => id);

  test.each(rowLosses)("%s: values within 2 units in the last place, slopes within 6", (id) => {
    const own = cases.filter(({ loss }) => loss === id);
    expect(own.map(({ classes }) => classes)).toContain(65_536);
    for (const { params, classes, prediction, target, value, size, at, slopes, sizes } of own) {
      const weights = params["class_weight"] !== undefined && { class_weight: INPUTS["others"]!(classes) };
      const loss = lossFromSpec({ loss: id, params: { ...params, ...weights, reduction: "none" } });
      const [x, t] = [INPUTS[prediction]!(classes), INPUTS[target]!(classes)];
      const name = `${JSON.stringify(params)} of ${classes} ${prediction}, ${target}`;
      const got = (loss.value(x, t, { shape: [1, classes] }) as Float64Array)[0]!;
      expect(ulps(got - value, size), `${name}: ${got} for ${value}`).toBeLessThanOrEqual(2);
      const gradient = loss.gradient(x, t, { shape: [1, classes] });
      at.forEach((i, k) => {
        const away = ulps(gradient[i]! - slopes[k]!, sizes[k]!);
        expect(away, `${name}, slope ${i}: ${gradient[i]} for ${slopes[k]}`).toBeLessThanOrEqual(6);
      });
    }
  });
});

/** In [0, 1), of 53 bits, as the script has it. */
function share(k: number, seed: number): number {
  const unit = (s: number): number => ((k * 2654435761 + s * 974711) % 2 ** 32) / 2 ** 32;
  return unit(seed) * unit(seed + 1);
}

const rowOf =
  (of: (k: number) => number) =>
  (length: number): Float64Array =>
    Float64Array.from({ length }, (_, k) => of(k));

const INPUTS: Readonly<Record<string, (classes: number) => Float64Array>> = {
  shares: rowOf((k) => share(k, 1)),
  others: rowOf((k) => share(k, 3)),
  scores: rowOf((k) => 8 * share(k, 5) - 2),
  signs: rowOf((k) => share(k, 7) - share(k, 9)),
  near: rowOf((k) => share(k, 7) - share(k, 9) + share(k, 11) / 1024),
  same: rowOf(() => 0.1),
  label: (classes) => Float64Array.of(classes >> 1),
};

/** A difference in units of the last place of `size`. */
function ulps(difference: number, size: number): number {
  return difference === 0 ? 0 : Math.abs(difference) / 2 ** (Math.floor(Math.log2(size)) - 52);
}
