import { tableFromArrays } from "apache-arrow";
import { LossflowError } from "@lossflow/core";
import { expect, test } from "vitest";
import { JobState, PlannedJob, resultFromError } from "../../src/job.ts";
import { createPool } from "../../src/node.ts";
import { batchesSource } from "../../src/source/batches-source.ts";

test("a state and a result of a chunk with any bit flipped or bytes cut are refused with a code, or are another", async () => {
  await using pool = createPool({ workers: 0 });
  const batches = tableFromArrays({ y: [0, 1], p: [0.5, 2] }).batches;
  const job = { losses: ["mse"], target: "y", prediction: "p", quantiles: [0.5], pool };
  const { plan } = await PlannedJob.open([batchesSource(batches, "batches")], job, 2);
  const result = resultFromError(new LossflowError("LF_SHAPE", "Row 3 is short.", { row: 3 }));
  const state = JobState.open(plan);
  state.add(3, result);
  const bytes = state.toBytes();
  expect(() => JobState.open(plan, bytes).check()).toThrow(
    expect.objectContaining({ code: "LF_SHAPE", row: 3 }),
  );
  const thrown = (read: () => void): string | undefined => {
    try {
      read();
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
  const codes = new Set<string | undefined>();
  for (const [whole, read] of [
    [bytes, (changed: Uint8Array) => JobState.open(plan, changed)],
    [bytes, (changed: Uint8Array) => JobState.open(plan).merge(changed)],
    [result, (changed: Uint8Array) => JobState.open(plan).add(3, changed)],
  ] as const) {
    for (let cut = 0; cut < whole.length; cut++)
      expect(thrown(() => read(whole.slice(0, cut)))).toMatch(/^LF_STATE_/);
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const changed = whole.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      codes.add(thrown(() => read(changed)));
    }
  }
  codes.delete(undefined);
  expect([...codes].filter((code) => !code!.startsWith("LF_"))).toEqual([]);
  expect(codes).toContain("LF_STATE_DAMAGED");
});
