import { tableFromArrays } from "apache-arrow";
import { LossflowError } from "@lossflow/core";
import { expect, test } from "vitest";
import { ChunkFolder, JobState, PlannedJob, resultFromError } from "../../src/job.ts";
import { createPool } from "../../src/node.ts";
import { batchesSource } from "../../src/source/batches-source.ts";

test("a state with any bit flipped, cut or longer is refused", async () => {
  await using pool = createPool({ workers: 0 });
  const batches = tableFromArrays({ y: [0, 1], p: [0.5, 2] }).batches;
  const job = { losses: ["mse"], target: "y", prediction: "p", quantiles: [0.5], pool };
  const { plan } = await PlannedJob.open([batchesSource(batches, "batches")], job, 2);
  const state = JobState.open(plan);
  state.add(3, resultFromError(new LossflowError("LF_SHAPE", "Row 3 is short.", { row: 3 })));
  const bytes = state.toBytes();
  expect(() => JobState.open(plan, bytes).check()).toThrow(
    expect.objectContaining({ code: "LF_SHAPE", row: 3 }),
  );
  const damaged = expect.objectContaining({ code: "LF_STATE_DAMAGED" });
  for (const changed of damages(bytes)) {
    expect(() => JobState.open(plan, changed)).toThrow(damaged);
    expect(() => JobState.open(plan).merge(changed)).toThrow(damaged);
  }
});

test("the result of a chunk with any bit flipped, cut or longer is refused, its figures and what it refused alike", async () => {
  await using pool = createPool({ workers: 0 });
  const { batches } = tableFromArrays({ y: [0, 1, 3], p: [0.5, 2, 1], g: [1, 2, 1] });
  const job = { losses: ["mse"], target: "y", prediction: "p", by: "g", quantiles: [0.5], pool };
  const planned = await PlannedJob.open([batchesSource(batches, "batches")], job, 2);
  const { plan } = planned;
  const folder = new ChunkFolder(plan, pool);
  const results = [resultFromError(new LossflowError("LF_SHAPE", "Row 3 is short.", { row: 3 }))];
  for await (const { bytes } of planned.chunks())
    results.push(new Uint8Array(await folder.fold(bytes, new AbortController().signal)));
  await folder.close();
  expect(results.length).toBeGreaterThan(1);
  for (const result of results) {
    JobState.open(plan).add(3, result);
    for (const changed of damages(result)) {
      expect(() => JobState.open(plan).add(3, changed)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_(?:DAMAGED|UNKNOWN)$/) }),
      );
    }
  }
});

/** Bytes with one flipped bit, all that are shorter, and one byte more. */
function* damages(bytes: Uint8Array): Generator<Uint8Array> {
  yield Uint8Array.of(...bytes, 0);
  for (let cut = 0; cut < bytes.length; cut++) yield bytes.slice(0, cut);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    yield changed;
  }
}
