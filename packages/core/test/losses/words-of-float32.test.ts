import { expect, test } from "vitest";
import { lossFromSpec, type FloatArray } from "@lossflow/core";

test("float32, whose words are looked at instead, as the same numbers of float64, at each place", () => {
  const outcome = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return (error as Error).message;
    }
  };
  const least = 2 ** -149;
  const above1 = 1 + 2 ** -23;
  const odd = [0, -0, least, -least, 1, above1, -1, 2, Infinity, -Infinity, Number.NaN];
  for (let at = 0; at < 10; at++)
    for (const [k, x] of odd.entries()) {
      // One before the columns, and one behind them.
      const words = Float32Array.from({ length: 12 }, (_, i) => (i === at + 1 ? x : 0.5)).subarray(1);
      const columns = { prediction: words, target: [0, 4], rows: 2, classes: 5 };
      const halves = new Float32Array(10).fill(0.5);
      const losses = [
        (values: FloatArray) => {
          const out = new Float64Array(2);
          lossFromSpec({ loss: "scce" }).unreduced({ ...columns, prediction: values }, out);
          return out;
        },
        ...(["prediction", "target"] as const).map((side) => (values: FloatArray) => {
          const out = new Float64Array(2);
          const both = { ...columns, prediction: halves, target: halves, [side]: values };
          lossFromSpec({ loss: "cce" }).unreduced(both, out);
          return out;
        }),
      ];
      for (const run of losses) {
        const got = outcome(() => run(words));
        expect(got, `${x} in place ${at}`).toStrictEqual(outcome(() => run(Float64Array.from(words))));
        expect(typeof got === "string").toBe([3, 5, 6, 7, 8, 9].includes(k));
      }
    }
});
