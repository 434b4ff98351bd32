import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LOSSES,
  lossFromSpec,
  meanSquaredError,
  sparseCategoricalCrossEntropy,
  type BatchOptions,
  type LossInfo,
  type Reduction,
} from "@lossflow/core";
import { holds } from "../oracle.ts";
import { anyBatch, between, floats, variantsOf, CLASSES } from "./any-batch.ts";

const REDUCTIONS: readonly Reduction[] = [
  "none",
  "mean",
  "sum",
  "batchmean",
  "weighted_mean",
  "sum_by_nonzero_weights",
  "sum_over_batch_size",
  "mean_with_sample_weight",
];
const anyWeight = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: between(0.1, 3) },
);

/** How a batch is laid out and weighed: one draw of everything that may come with it. */
interface Layout {
  /** Axes between the batch and the last. */
  readonly inner: readonly number[];
  readonly classFirst: boolean;
  readonly weight: Float64Array | null;
  readonly samples: Float64Array | null;
  readonly sampleEach: boolean;
  readonly mask: readonly boolean[] | null;
  readonly perSample: boolean;
  readonly single: boolean;
  readonly out: "none" | "wide" | "narrow";
  readonly reduction: Reduction;
}

const MOST = 48;
const anyLayout: fc.Arbitrary<Layout> = fc.record({
  inner: fc.constantFrom([], [2], [2, 2]),
  classFirst: fc.boolean(),
  weight: fc.option(floats(anyWeight, MOST)),
  samples: fc.option(floats(anyWeight, MOST)),
  sampleEach: fc.boolean(),
  mask: fc.option(fc.array(fc.boolean(), { minLength: MOST, maxLength: MOST })),
  perSample: fc.boolean(),
  single: fc.boolean(),
  out: fc.constantFrom("none", "wide", "narrow"),
  reduction: fc.constantFrom(...REDUCTIONS),
});

/** Moves classes from the last axis to the one behind the batch. */
function classesFirst(values: Float64Array, pixels: number): Float64Array {
  return values.map((_, k) => {
    const pixel = k % pixels;
    const row = Math.floor(k / pixels);
    return values[(Math.floor(row / CLASSES) * pixels + pixel) * CLASSES + (row % CLASSES)]!;
  });
}

/** What docs/denominators.md says, written out: values and gradient from the loss of each row alone. */
function naive(
  info: LossInfo,
  params: object,
  flat: { prediction: Float64Array; target: Float64Array; variance: Float64Array | undefined },
  batch: number,
  layout: Layout,
): { value: number | number[]; gradient: number[] } {
  const isRow = info.unit === "row";
  const { reduction } = layout;
  const alone = lossFromSpec({ loss: info.id, params: { ...params, reduction: "none" } });
  const rows = flat.prediction.length / CLASSES;
  const losses: number[] = [];
  const slopes: number[][] = [];
  for (let r = 0; r < rows; r++) {
    const cut = (a: Float64Array): Float64Array => a.slice(r * CLASSES, (r + 1) * CLASSES);
    const t = info.target === "label" ? flat.target.slice(r, r + 1) : cut(flat.target);
    const more = flat.variance === undefined ? {} : { variance: cut(flat.variance) };
    const options = { shape: [1, CLASSES], ...more };
    const each = [...(alone.value(cut(flat.prediction), t, options) as Float64Array)];
    const slope = [...alone.gradient(cut(flat.prediction), t, options)];
    losses.push(...each);
    slopes.push(...(isRow ? [slope] : slope.map((g) => [g])));
  }
  const isKeras = reduction === "sum_over_batch_size" || reduction === "mean_with_sample_weight";
  const grouped = !isRow && (layout.perSample || layout.samples !== null || isKeras);
  const group = grouped ? CLASSES : 1;
  const values = losses.length / group;
  const ignored = (alone.params as { ignore_index?: number | null }).ignore_index ?? null;
  const factor: number[] = [];
  let [kept, ofLabels, ofSamples, ofAll, nonZero] = [0, 0, 0, 0, 0];
  losses.forEach((_, u) => {
    const v = Math.floor(u / group);
    const isOut =
      (layout.mask !== null && !layout.mask[v]) || (info.target === "label" && flat.target[u] === ignored);
    const own = layout.weight?.[u] ?? 1;
    const sample = layout.samples?.[layout.sampleEach ? v : Math.floor((v * batch) / values)] ?? 1;
    const label = alone.labelWeight?.(flat.target[u]!) ?? 1;
    factor.push(isOut ? 0 : own * sample);
    if (isOut) return;
    kept += 1;
    ofLabels += label;
    ofSamples += sample;
    ofAll += own * sample * label;
    nonZero += own * sample * label === 0 ? 0 : 1;
  });
  const divisor = {
    none: group,
    sum: group,
    batchmean: group * batch,
    mean: ofLabels,
    weighted_mean: ofAll,
    sum_by_nonzero_weights: nonZero,
    sum_over_batch_size: kept,
    mean_with_sample_weight: ofSamples,
  }[reduction];
  const terms = losses.map((l, u) => (factor[u] === 0 ? 0 : factor[u]! * l));
  const sum = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0) / divisor;
  const isNothing = divisor === 0;
  const value =
    reduction === "none"
      ? Array.from({ length: values }, (_, v) => sum(terms.slice(v * group, (v + 1) * group)))
      : isNothing
        ? isKeras
          ? 0
          : Number.NaN
        : sum(terms);
  const gradient = slopes.flatMap((slope, u) =>
    slope.map((g) => (factor[u] === 0 || isNothing ? 0 : (factor[u]! * g) / divisor)),
  );
  return { value, gradient };
}

function expectNear(got: ArrayLike<number>, wanted: readonly number[], precision: number): void {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((x, i) => {
    const isNear = Number.isNaN(x)
      ? Number.isNaN(got[i])
      : Math.abs(got[i]! - x) <= precision * (1 + Math.abs(x));
    if (!isNear) expect.fail(`${got[i]} for ${x}, precision ${precision}`);
  });
}

describe("any axes, weights, masks, widths and results give what each row alone does, reduced as documented", () => {
  const own = LOSSES.filter(({ decomposable }) => decomposable);
  test.each(own)("$id", (info) => {
    const isRow = info.unit === "row";
    const variants = variantsOf(info);
    const anyCase = fc
      .tuple(fc.constantFrom(...variants), fc.integer({ min: 1, max: 3 }), anyLayout)
      .chain(([params, batch, layout]) => {
        const rows = batch * layout.inner.reduce((a, b) => a * b, 1);
        return fc.record({
          params: fc.constant(params),
          batch: fc.constant(batch),
          layout: fc.constant(layout),
          flat: anyBatch(info, params, rows, rows),
        });
      });
    holds(
      fc.property(anyCase, ({ params, batch, layout, flat }) => {
        const { inner, reduction } = layout;
        const pixels = inner.reduce((a, b) => a * b, 1);
        const turns = isRow && layout.classFirst;
        const fit = (values: Float64Array): Float64Array =>
          layout.single ? Float64Array.from(Float32Array.from(values)) : values;
        const prediction = fit(flat.prediction);
        const { target } = flat;
        const variance = flat.options.variance as Float64Array | undefined;
        const made = lossFromSpec({
          loss: info.id,
          params: { ...params, reduction, per_sample: layout.perSample },
        });
        const isKeras = reduction === "sum_over_batch_size" || reduction === "mean_with_sample_weight";
        const grouped = !isRow && (layout.perSample || layout.samples !== null || isKeras);
        const units = prediction.length / (isRow ? CLASSES : 1);
        const values = grouped ? units / CLASSES : units;
        const expected = naive(info, params, { prediction, target, variance }, batch, layout);

        const turned = (a: Float64Array): Float64Array => (turns ? classesFirst(a, pixels) : a);
        const options: BatchOptions = {
          shape: turns ? [batch, CLASSES, ...inner] : [batch, ...inner, CLASSES],
          ...(turns && { classAxis: "first" }),
          ...(variance && { variance }),
          ...(layout.weight && { weight: layout.weight.slice(0, units) }),
          ...(layout.samples && {
            sampleWeight: layout.samples.slice(0, layout.sampleEach ? values : batch),
          }),
          ...(layout.mask && { mask: layout.mask.slice(0, values) }),
        };
        const given = turned(prediction);
        const x = layout.single ? Float32Array.from(given) : given;
        const t = info.target === "label" ? target : turned(target);
        const narrow = layout.out === "narrow" || (layout.out === "none" && layout.single);
        const precision = narrow || layout.single ? 2e-7 : 1e-12;
        const into = (length: number): BatchOptions => {
          if (layout.out === "none") return options;
          const out = layout.out === "narrow" ? new Float32Array(length) : new Float64Array(length);
          return { ...options, out };
        };

        const withOut = into(values);
        const value = made.value(x, t, reduction === "none" ? withOut : options);
        if (typeof value === "number") expectNear([value], [expected.value as number], precision);
        else {
          if (withOut.out !== undefined) expect(value).toBe(withOut.out);
          expect(value instanceof Float32Array).toBe(narrow);
          expectNear(value, expected.value as number[], precision);
        }
        const slots = into(prediction.length);
        const gradient = made.gradient(x, t, slots);
        if (slots.out !== undefined) expect(gradient).toBe(slots.out);
        expect(gradient instanceof Float32Array).toBe(narrow);
        expectNear(gradient, [...turned(Float64Array.from(expected.gradient))], precision);
      }),
      60,
    );
  });
});

test("a mask in one column of rows leaves out what its flags do, as a flat one does", () => {
  const loss = meanSquaredError();
  const mask = [[1], [0]] as unknown as number[];
  expect(loss.value([[1], [3]], [[0], [0]], { mask })).toBe(1);
});

test("labels with a last axis of 1, as Keras has them, stand for those without it; nothing has no axes to compare", () => {
  const loss = sparseCategoricalCrossEntropy({ fromLogits: true });
  const x = [
    [
      [1, 2],
      [3, 5],
    ],
    [
      [1, 4],
      [3, 4],
    ],
  ];
  const labels = [
    [0, 1],
    [1, 0],
  ];
  const columns = labels.map((row) => row.map((label) => [label]));
  expect(loss.value(x, columns)).toBe(loss.value(x, labels));
  expect(loss.value([[]], [])).toBeNaN();
  const one = [[[1, 2]], [[3, 5]]];
  expect(loss.value(one, [[[1]], [[0]]])).toBe(loss.value(one, [1, 0]));
  expect(
    loss.value(
      [
        [[1], [2]],
        [[3], [5]],
      ],
      [[[1]], [[0]]],
      { classAxis: "first" },
    ),
  ).toBe(loss.value(one, [1, 0]));
  const column = [[1], [2], [3]];
  expect(
    meanSquaredError().value(
      column,
      column.map((row) => [row]),
    ),
  ).toBe(0);
});
