import { expect, test } from "vitest";
import { normal } from "../../src/backtest/normal.ts";
import { powerOfTwo } from "../../src/compute/hint-watch.ts";
import { RunFold } from "../../src/compute/run-fold.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";

interface Spot {
  readonly step: number;
  readonly epoch?: number;
  readonly segment?: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The hints of a run whose records hold these values. */
function hintsOf(
  spots: readonly Spot[],
  format = "jsonl",
): [kind: string, step: number | null, message: string][] {
  const fold = new RunFold();
  const handles = new Map<string, number>();
  for (const { step, epoch = Number.NaN, segment = 0, values } of spots) {
    for (const [name, value] of Object.entries(values)) {
      let handle = handles.get(name);
      if (handle === undefined) handles.set(name, (handle = fold.series(name)));
      fold.point(handle, value, { step, epoch, time: Number.NaN, rank: -1, segment });
    }
  }
  return fold.hints(format).map(({ kind, step, message }) => [kind, step, message]);
}

const random = seededRandom(3);
const falling = (i: number): number => 2 + 3 * Math.exp(-i / 100) + 0.05 * normal(random);
const steps = (count: number, spot: (i: number) => Omit<Spot, "step">): Spot[] =>
  Array.from({ length: count }, (_, i) => ({ step: i, ...spot(i) }));

test("a sound run has no hints", () => {
  expect(hintsOf(steps(400, (i) => ({ epoch: i / 50, values: { loss: falling(i), grad_norm: 1 } })))).toEqual(
    [],
  );
});

test("NaN in the gradients beside a finite loss, in either order of the record", () => {
  const broken = (i: number): number => (i === 7 || i === 20 ? Number.NaN : i === 30 ? Infinity : 1);
  const expected = [
    [
      "masked-nan",
      7,
      "grad_norm is not finite 3 times from step 7 to 30 while loss is: NaN in the gradients is skipped or masked.",
    ],
  ];
  expect(hintsOf(steps(60, (i) => ({ values: { loss: falling(i), grad_norm: broken(i) } })))).toEqual(
    expected,
  );
  expect(hintsOf(steps(60, (i) => ({ values: { grad_norm: broken(i), loss: falling(i) } })))).toEqual(
    expected,
  );
  const both = steps(60, (i) => ({
    values: { loss: i === 7 ? Number.NaN : falling(i), grad_norm: i === 7 ? Number.NaN : 1 },
  }));
  expect(hintsOf(both)).toEqual([]);
});

test("a loss that is the mean since its epoch began", () => {
  let sum = 0;
  const running = steps(600, (i) => {
    sum = i % 100 === 0 ? 0 : sum;
    sum += falling(i) + 0.3 * normal(random);
    return { epoch: Math.floor(i / 100), values: { loss: sum / ((i % 100) + 1) } };
  });
  expect(hintsOf(running)).toMatchObject([
    ["running-mean", null, expect.stringMatching(/mean since the epoch began/)],
  ]);
  const plain = steps(600, (i) => ({
    epoch: Math.floor(i / 100),
    values: { loss: falling(i) + 0.3 * normal(random) },
  }));
  expect(hintsOf(plain)).toEqual([]);
});

test("a last point that is the average of the run", () => {
  const losses = Array.from({ length: 100 }, (_, i) => falling(i));
  const mean = losses.reduce((total, loss) => total + loss, 0) / 100;
  const ending = (last: number): Spot[] => [
    ...losses.map((loss, step) => ({ step, values: { loss } })),
    { step: 100, values: { loss: last } },
  ];
  expect(hintsOf(ending(mean))).toMatchObject([
    ["final-average", 100, expect.stringContaining("not a step")],
  ]);
  expect(hintsOf(ending(falling(100)))).toEqual([]);
});

test("a level that is a power of two times what it was before a resume", () => {
  const resumed = (factor: number): Spot[] => [
    ...steps(100, () => ({ values: { loss: 2 + 0.02 * normal(random) } })),
    ...steps(40, () => ({ segment: 1, values: { loss: factor * (2 + 0.02 * normal(random)) } })).map(
      (spot) => ({
        ...spot,
        step: spot.step + 90,
      }),
    ),
  ];
  expect(hintsOf(resumed(8))).toMatchObject([
    ["factor", 90, expect.stringContaining("a sum over 8 workers")],
  ]);
  expect(hintsOf(resumed(0.25))).toMatchObject([
    ["factor", 90, expect.stringContaining("a sum over 4 workers")],
  ]);
  for (const factor of [1, 1.3, 3, 5]) expect(hintsOf(resumed(factor))).toEqual([]);
  expect([powerOfTwo(1), powerOfTwo(2.05), powerOfTwo(2.2), powerOfTwo(-2), powerOfTwo(Number.NaN)]).toEqual([
    null,
    2,
    null,
    null,
    null,
  ]);
});

test("a loss of exactly 0, and a loss that a trainer writes as the mean of a window", () => {
  expect(hintsOf(steps(60, (i) => ({ values: { loss: i === 40 || i === 42 ? 0 : falling(i) } })))).toEqual([
    [
      "zero",
      40,
      "loss is exactly 0 at step 40 and 2 times to step 42: masked labels, an empty batch or a factor of 0?",
    ],
  ]);
  const logged = steps(60, (i) => ({ values: { loss: falling(i) } })).map((spot) => ({
    ...spot,
    step: 500 * spot.step,
  }));
  expect(hintsOf(logged, "hf-trainer")).toMatchObject([
    ["window-mean", null, expect.stringContaining("every 500 steps")],
  ]);
});
