import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foldPartition, type ChunkFold } from "../../src/fold/fold-partition.ts";
import { openChunks } from "../../src/job/job-logs.ts";
import { connectNats, type Nats } from "../../src/nats/connect.ts";
import { jobNames } from "../../src/nats/job-names.ts";
import { createJobStreams } from "../../src/nats/job-streams.ts";
import { NatsCheckpointStore } from "../../src/nats/nats-checkpoint-store.ts";
import { partitionFromBytes } from "../../src/fold/partition-state.ts";
import { NatsLab } from "../lab/nats-lab.ts";

const LIMITS = { replicas: 1, maxBytes: 2 ** 28 };
const NEVER = new AbortController().signal;

/** The sum of the numbers of its chunks: enough to see what counts twice or not at all. */
class SumFold implements ChunkFold {
  sum: number;
  constructor(state: Uint8Array | undefined) {
    this.sum = state === undefined ? 0 : new DataView(state.buffer, state.byteOffset).getFloat64(0);
  }
  add(_chunk: number, bytes: Uint8Array): Promise<void> {
    this.sum += new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
    return Promise.resolve();
  }
  toBytes(): Uint8Array {
    return bytesOf(this.sum);
  }
}

function bytesOf(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

describe("a partition is folded once, whatever happens to its workers", () => {
  let lab: NatsLab;
  let nats: Nats;
  beforeAll(async () => {
    lab = await NatsLab.start();
    nats = await connectNats({ servers: lab.url });
  });
  afterAll(async () => {
    await nats.close();
    await lab.close();
  });

  test("two workers on one partition, duplicates and all: each chunk counts once", async () => {
    const id = "two-workers";
    await createJobStreams(nats, id, "fold", LIMITS, NEVER);
    const log = openChunks(nats, id, "fold", 1);
    const store = await NatsCheckpointStore.open(nats, jobNames(id).states, NEVER);
    const stop = new AbortController();
    const worker = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          await foldPartition(
            { log, store, partition: 0, name: "state.0", open: (state) => new SumFold(state) },
            stop.signal,
          );
        } catch (error) {
          expect(error).toMatchObject({ code: "LF_CHECKPOINT_STALE" });
        }
      }
    };
    const workers = [worker(), worker()];
    const chunks = 200;
    const order = Array.from({ length: chunks }, (_, i) => i ^ 1);
    await Promise.all(order.map((chunk) => log.append(chunk, bytesOf(chunk), NEVER)));
    for (;;) {
      const saved = await store.load("state.0", NEVER);
      if (saved !== undefined && partitionFromBytes(saved.bytes).chunks.size === chunks) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    stop.abort();
    await Promise.all(workers);
    const saved = partitionFromBytes((await store.load("state.0", NEVER))!.bytes);
    expect(saved.chunks.toRanges()).toEqual([chunks]);
    expect(new SumFold(saved.state).sum).toBe((chunks * (chunks - 1)) / 2);
  });

  test("a checkpoint longer than a message is saved and replaced in pieces", async () => {
    const id = "long";
    await createJobStreams(nats, id, "fold", LIMITS, NEVER);
    const store = await NatsCheckpointStore.open(nats, jobNames(id).states, NEVER);
    const long = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31) % 251);
    const first = await store.save("state.0", long, undefined, NEVER);
    const same = async (bytes: Uint8Array): Promise<boolean> =>
      Buffer.compare((await store.load("state.0", NEVER))!.bytes, bytes) === 0;
    expect(await same(long)).toBe(true);
    const second = await store.save("state.0", long.subarray(1), first, NEVER);
    expect(await same(long.subarray(1))).toBe(true);
    await expect(store.save("state.0", long, first, NEVER)).rejects.toMatchObject({
      code: "LF_CHECKPOINT_STALE",
    });
    await store.save("state.0", Uint8Array.of(7), second, NEVER);
    expect(await same(Uint8Array.of(7))).toBe(true);
  });
});
