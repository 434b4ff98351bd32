import type { ChunkLog } from "../log/chunk-log.ts";
import type { Nats } from "../nats/connect.ts";
import { jobNames } from "../nats/job-names.ts";
import type { Design } from "../nats/job-streams.ts";
import { NatsChunkLog } from "../nats/nats-chunk-log.ts";

/** Messages that a reader has ahead of what it folds: of chunks by value 768 KiB each. */
const AHEAD = 16;

/**
 * The chunks of a job: of a fold in partitions, of a map in one, whose order nobody asks for. Chunks appended again under
 * the same identity are dropped by the server for two minutes, which spares work; nothing depends on it.
 */
export function openChunks(
  nats: Nats,
  id: string,
  design: Design,
  partitions: number,
  identity: string = `${id}.chunk`,
): ChunkLog {
  const names = jobNames(id);
  return new NatsChunkLog(nats, {
    stream: names.chunks,
    partitions: design === "fold" ? partitions : 1,
    subject: names.chunkSubject,
    filter: names.partition,
    identity,
    ahead: AHEAD,
  });
}

/** The partial results of a job. */
export function openParts(nats: Nats, id: string): ChunkLog {
  const names = jobNames(id);
  return new NatsChunkLog(nats, {
    stream: names.parts,
    partitions: 1,
    subject: (_partition, chunk) => names.partSubject(chunk),
    filter: () => names.allParts,
    identity: `${id}.part`,
    ahead: 256,
  });
}
