import { afterEach, describe, expect, test } from "vitest";
import { LOSSES, lossFromSpec, type LossInfo } from "@lossflow/core";

const NAMES = ["Float64Array", "Float32Array", "Array"] as const;
const originals = NAMES.map((name) => globalThis[name]);
afterEach(() => NAMES.forEach((name, k) => Object.assign(globalThis, { [name]: originals[k] })));

/** How many arrays `run` makes by their constructors. */
function arraysMadeBy(run: () => unknown): number {
  let made = 0;
  for (const [k, name] of NAMES.entries()) {
    const counting = new Proxy(originals[k]!, {
      construct(target, args, newTarget) {
        made++;
        return Reflect.construct(target, args, newTarget as new () => object) as object;
      },
    });
    Object.assign(globalThis, { [name]: counting });
  }
  run();
  NAMES.forEach((name, k) => Object.assign(globalThis, { [name]: originals[k] }));
  return made;
}

/** A batch of `rows` rows of three that every loss takes. */
function batchOf({ target, unit }: LossInfo, rows: number): Parameters<typeof runAll>[1] {
  const classes = 3;
  const prediction = new Float64Array(rows * classes).map((_, i) => 0.2 + 0.1 * (i % 7));
  const each = { label: (i: number) => i % 3, sign: () => 1 } as Partial<
    Record<string, (i: number) => number>
  >;
  const length = target === "label" ? rows : rows * classes;
  const targets = new Float64Array(length).map((_, i) => each[target]?.(i) ?? (i % 3 === 0 ? 1 : 0));
  return {
    prediction,
    target: targets,
    rows: unit === "row" ? rows : rows * classes,
    classes: unit === "row" ? classes : 1,
    shape: [rows, classes],
  };
}

function runAll(
  info: LossInfo,
  batch: { prediction: Float64Array; target: Float64Array; rows: number; classes: number; shape: number[] },
): void {
  const { prediction, target, rows, classes, shape } = batch;
  const variance = info.id === "gaussian_nll" ? { variance: prediction } : {};
  for (const reduction of ["mean", "none", "sum_over_batch_size"]) {
    const loss = lossFromSpec({ loss: info.id, params: { reduction } });
    loss.value(prediction, target, { shape, ...variance });
    loss.gradient(prediction, target, { shape, ...variance });
    const columns = { prediction, target, rows, classes, ...variance };
    if (loss.decomposable) loss.unreduced(columns, new Float64Array(rows));
    else
      loss.whole!.evaluate(
        columns,
        loss.whole!.parts.map(() => new Float64Array(rows)),
      );
  }
}

describe("no array is made for a row: 2,000 rows take as many as 20", () => {
  test.each(LOSSES)("$id", (info) => {
    // Tables that are made once, at the first use.
    runAll(info, batchOf(info, 20));
    const [few, many] = [20, 2000].map((rows) => {
      const batch = batchOf(info, rows);
      return arraysMadeBy(() => runAll(info, batch));
    });
    expect(many).toBe(few);
    expect(few).toBeGreaterThan(0);
  });
});
