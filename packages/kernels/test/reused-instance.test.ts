import { RunningLoss, type Loss } from "@lossflow/core";
import { expect, test } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { createScalarKernels } from "../src/scalar.ts";
import { CASES, classesOf, columnsFor, lossOf, nameOf, type CaseColumns } from "./kernel-cases.ts";

/** Odd, so that the last row shares its pair with what stands in the memory from before. */
const ROWS = [3, 5, 9, 17, 33];

interface Work {
  readonly name: string;
  readonly loss: Loss;
  readonly columns: CaseColumns;
}

test.each([
  ["with vectors", createKernels],
  ["without", createScalarKernels],
] as const)("%s, what an instance computed before never shows", (_, create) => {
  const reused = create();
  const wrong: string[] = [];
  for (const rows of ROWS) {
    const works = CASES.map((kernelCase): Work => {
      const loss = lossOf(kernelCase);
      const columns = columnsFor(loss, Float32Array, "near", rows, classesOf(kernelCase, 3), rows);
      return { name: nameOf(kernelCase), loss, columns };
    });
    // The memory of a new instance is all zeros.
    const fresh = works.map((work) => {
      const kernels = create();
      return [lossesOf, slopesOf].map((figures) => figures(kernels, work));
    });
    for (const before of works) {
      for (const leave of [lossesOf, sumOf, slopesOf]) {
        works.forEach((work, i) => {
          [lossesOf, slopesOf].forEach((figures, f) => {
            leave(reused, before);
            if (Buffer.compare(figures(reused, work), fresh[i]![f]!) !== 0)
              wrong.push(
                `${figures.name} of ${work.name}, ${rows} rows, after ${leave.name} of ${before.name}`,
              );
          });
        });
      }
    }
  }
  expect(wrong).toEqual([]);
});

function lossesOf(kernels: Kernels, { loss, columns }: Work): Uint8Array {
  const losses = new Float64Array(columns.rows);
  kernels.unreduced(loss, columns, losses);
  return new Uint8Array(losses.buffer);
}

function sumOf(kernels: Kernels, { loss, columns }: Work): Uint8Array {
  const fold = kernels.fold(loss, { squares: false });
  fold.add(columns, 0);
  const state = RunningLoss.create({ squares: false });
  fold.drainInto(state);
  fold.free();
  return RunningLoss.toBytes(state);
}

function slopesOf(kernels: Kernels, { loss, columns }: Work): Uint8Array {
  const slopes = new Float64Array(columns.rows * columns.classes);
  if (kernels.supportsGradient(loss)) kernels.gradient(loss, columns, slopes);
  return new Uint8Array(slopes.buffer);
}
