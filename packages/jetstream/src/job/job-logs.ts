import type { ChunkLog } from "../log/chunk-log.ts";
import type { Nats } from "../nats/connect.ts";
import { jobNames } from "../nats/job-names.ts";
import type { Design } from "../nats/job-streams.ts";
import { NatsChunkLog } from "../nats/nats-chunk-log.ts";

/**
 * Messages that a reader has ahead of what it folds: of chunks by value 960 KiB each. A worker may read all 16
 * partitions, and a server drops a connection that has 64 MiB to be sent.
 */
const AHEAD = 3;

/**
 * The chunks of a job: of a fold in partitions, of a map in one, whose order nobody asks for. Chunks appended again under
 * the same identity are dropped by the server for two minutes, which spares work; nothing depends on it.
 */
export function openChunks(
  nats: Nats,
  key: string,
  design: Design,
  partitions: number,
  identity: string = `${key}.chunk`,
): ChunkLog {
  const names = jobNames(key);
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
export function openParts(nats: Nats, key: string): ChunkLog {
  const names = jobNames(key);
  return new NatsChunkLog(nats, {
    stream: names.parts,
    partitions: 1,
    subject: (_partition, chunk) => names.partSubject(chunk),
    filter: () => names.allParts,
    identity: `${key}.part`,
    ahead: 256,
  });
}
