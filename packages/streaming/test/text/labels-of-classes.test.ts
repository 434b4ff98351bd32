import { Int32, makeVector, Table, vectorFromArray } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import type { Source } from "../../src/source/sources-from.ts";

const pool = createPool({ workers: 0 });
afterAll(() => pool.close());

/** -ln p of one row whose logits make label 0 cheap and label 1 dear. */
async function lossOf(source: Source, classes: readonly string[]): Promise<number | null> {
  const options = { losses: ["scce_logits"], target: "y", prediction: "a,b", classes, pool };
  return (await lastValueFrom(runningLoss(source, options))).results[0]!.mean;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sourceOf: Readonly<Record<string, (label: number) => Source>> = {
  CSV: (label) => bytes(`y,a,b\n${label},10,0\n`),
  JSONL: (label) => bytes(`{"y":${label},"a":10,"b":0}\n`),
  Arrow: (label) =>
    new Table({
      y: vectorFromArray([label], new Int32()),
      a: makeVector(Float64Array.of(10)),
      b: makeVector(Float64Array.of(0)),
    }),
};

describe.each(Object.entries(sourceOf))("in %s", (_, source) => {
  test("an integer that is no name is the label itself", async () => {
    expect(await lossOf(source(0), ["a", "b"])).toBeLessThan(1);
    expect(await lossOf(source(1), ["a", "b"])).toBeGreaterThan(9);
  });

  test("an integer that writes a name is that class, even where it could be a label", async () => {
    expect(await lossOf(source(7), ["7", "3"])).toBeLessThan(1);
    expect(await lossOf(source(3), ["7", "3"])).toBeGreaterThan(9);
    expect(await lossOf(source(1), ["1", "0"])).toBeLessThan(1);
  });

  test("an integer that is neither is refused", async () => {
    await expect(lossOf(source(5), ["a", "b"])).rejects.toMatchObject({
      code: "LF_LABEL_OUT_OF_RANGE",
      row: 0,
    });
  });
});

test("a CSV cell that is neither name nor number is refused", async () => {
  for (const cell of ["cow", "nan"]) {
    await expect(lossOf(bytes(`y,a,b\n${cell},10,0\n`), ["cat", "dog"])).rejects.toMatchObject({
      code: "LF_UNKNOWN_LABEL",
      row: 0,
      column: "y",
    });
  }
});
