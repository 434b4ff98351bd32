import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LOSSES, lossFromSpec } from "@lossflow/core";
import { holds } from "../oracle.ts";
import { anyBatch, variantsOf } from "./any-batch.ts";

const decomposable = LOSSES.filter((info) => info.decomposable);

test.each(decomposable.map((info) => [info.id, info] as const))(
  "%s: a row has the bits that it has alone, whatever stands before it",
  (id, info) => {
    for (const params of variantsOf(info)) {
      const loss = lossFromSpec({ loss: id, params: { ...params, reduction: "none" } });
      if (!loss.decomposable) continue;
      holds(
        fc.property(anyBatch(info, params, 6, 6), fc.integer({ min: 1, max: 5 }), (batch, from) => {
          const { prediction, target, options, rows, classes } = batch;
          const whole = loss.value(prediction, target, options) as Float64Array;
          const perRow = prediction.length / 6;
          const perTarget = target.length / 6;
          const shape = [6 - from, perRow];
          const tail = loss.value(prediction.subarray(from * perRow), target.subarray(from * perTarget), {
            ...options,
            shape,
            ...("variance" in options && {
              variance: (options.variance as Float64Array).subarray(from * perRow),
            }),
          });
          expect(tail).toEqual(whole.subarray((from * rows) / 6));
          expect(classes).toBeGreaterThan(0);
        }),
        20,
      );
    }
  },
);

test("cosine: rows of all sizes, at the borders of the powers that scale them too", () => {
  const sizes = fc.integer({ min: -1040, max: 1000 }).map((e) => 2 ** e);
  const columns = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  const near = fc
    .constantFrom(1 / 16, 4, 1 / 16 - 2 ** -56, 4 - 2 ** -50, 1 / 16 + 2 ** -56)
    .map((x) => [x, 0, 0]);
  const scaled = fc.oneof(
    fc.tuple(columns, sizes).map(([row, size]) => row.map((x) => x * size)),
    near,
    fc.tuple(near, fc.integer({ min: -150, max: 150 })).map(([row, k]) => row.map((x) => x * 64 ** k)),
  );
  for (const form of ["distance", "neg_similarity"] as const) {
    const loss = lossFromSpec({ loss: "cosine", params: { form, reduction: "none" } });
    holds(
      fc.property(fc.array(fc.tuple(scaled, scaled), { minLength: 2, maxLength: 8 }), (rows) => {
        const x = rows.map(([row]) => row);
        const t = rows.map(([, row]) => row);
        const each = rows.flatMap(([row, other]) => [...(loss.value([row], [other]) as Float64Array)]);
        expect([...(loss.value(x, t) as Float64Array)]).toEqual(each);
        const slopes = rows.flatMap(([row, other]) => [...loss.gradient([row], [other])]);
        expect([...loss.gradient(x, t)]).toEqual(slopes);
      }),
      300,
    );
  }
  const x = [-1.6103925453585326, -2.7609555875827545];
  const t = [2.6894883727189964, -1.5674160974425337];
  const loss = lossFromSpec({ loss: "cosine", params: { form: "neg_similarity", reduction: "none" } });
  const alone = loss.value([x], [t]) as Float64Array;
  const other = loss.value([[22, 22], x], [[22, -22], t]) as Float64Array;
  expect(other[1]).toBe(alone[0]);
});

test("cosine: rows next to a right angle, whose last digits any other power would change", () => {
  const loss = lossFromSpec({ loss: "cosine", params: { form: "neg_similarity", reduction: "none" } });
  for (const size of [0.07, 0.1, 1, 2.4, 3, 3.9, 4.1, 2 ** -400, 2 ** 500, 2 ** -530, 2 ** 600]) {
    for (let k = 0; k < 100; k++) {
      const [a, b] = [Math.sin(k + 0.5), Math.cos(k + 0.5)];
      const x = [size * a, size * b];
      const t = [3 * b, -3 * a * (1 + 1e-12 * Math.sin(3 * k))];
      const [alone] = loss.value([x], [t]) as Float64Array;
      for (const before of [1, 3, 1 / 64, size, 64 * size, 2 ** -450, 2 ** 900]) {
        const row = [before, 0];
        const after = loss.value([row, x], [row, t]) as Float64Array;
        expect(after[1], `${size} after ${before}`).toBe(alone);
      }
    }
  }
});

test("cosine: rows at the end of float64, of many columns too, are no rows of zeros", () => {
  const loss = lossFromSpec({ loss: "cosine", params: { reduction: "none" } });
  const row = [1, 2, 3, 4];
  const [wanted] = loss.value([[1, 1, 1, 1]], [row]) as Float64Array;
  for (const size of [1e308, 1.7e308, 1e306, 2 ** 900]) {
    const all = [size, size, size, size];
    expect((loss.value([all], [row]) as Float64Array)[0]).toBeCloseTo(wanted!, 14);
    expect((loss.value([row], [all]) as Float64Array)[0]).toBeCloseTo(wanted!, 14);
    expect((loss.value([[5e307, 5e307, 5e307, 5e307], all], [row, row]) as Float64Array)[1]).toBe(
      (loss.value([all], [row]) as Float64Array)[0],
    );
  }
  const spike = new Float64Array(10_000);
  spike[77] = 1.8e306;
  expect(loss.value(spike, spike, { shape: [1, 10_000] })).toEqual(Float64Array.of(0));
});

test("cosine: the power of a row is told by its squares where they end, too", () => {
  const loss = lossFromSpec({ loss: "cosine", params: { form: "neg_similarity", reduction: "none" } });
  const s = 2 ** -665;
  const first = new Float64Array(4096).fill(s / 64);
  const x = new Float64Array(4096);
  const t = new Float64Array(4096);
  for (let k = 0; k < 200; k++) {
    x.set([-0.8603576177657952 * s, -0.41874472042799127 * s * (1 + k / 500)]);
    t.set([-0.02071366432038102 * s * (1 + k / 700), 0.04427809560649498 * s]);
    const [alone] = loss.value(x, t, { shape: [1, 4096] }) as Float64Array;
    const both = loss.value([[...first], [...x]], [[...first], [...t]]) as Float64Array;
    expect(both[1]).toBe(alone);
  }
});
