/**
 * Losses of many machines on NATS JetStream: the same fold as in one process, with the same bits, whatever dies.
 *
 * @module
 */
export { foldPartition } from "./fold/fold-partition.ts";
export type { ChunkFold, PartitionFold } from "./fold/fold-partition.ts";
export { partitionFromBytes } from "./fold/partition-state.ts";
export type { PartitionState } from "./fold/partition-state.ts";
export { cancelJob } from "./job/cancel-job.ts";
export type { CancelOptions } from "./job/cancel-job.ts";
export { isComplete, submitJob } from "./job/submit-job.ts";
export type { JobOutcome, JobProgress, SubmitOptions } from "./job/submit-job.ts";
export type { Checkpoint, CheckpointStore } from "./log/checkpoint-store.ts";
export type { ChunkLog, LoggedChunk } from "./log/chunk-log.ts";
export type { ChunkQueue, Delivery } from "./log/chunk-queue.ts";
export { ChunkSet } from "./log/chunk-set.ts";
export { connectNats } from "./nats/connect.ts";
export type { Nats } from "./nats/connect.ts";
export { computeDurabilityWarning } from "./nats/durability.ts";
export type { Design, StreamLimits } from "./nats/job-streams.ts";
export { isNatsAddress, natsAddressFromText } from "./nats/nats-address.ts";
export type { NatsAddress } from "./nats/nats-address.ts";
export { withoutSecret } from "./nats/nats-options.ts";
export type { NatsOptions } from "./nats/nats-options.ts";
export { LogPublisher } from "./records/log-publisher.ts";
export type { LogPublisherOptions } from "./records/log-publisher.ts";
export type { LogPiece, PiecePlace } from "./records/log-piece.ts";
export { readLogs } from "./records/read-logs.ts";
export type { ReadLogsOptions } from "./records/read-logs.ts";
export { mapJob } from "./worker/map-job.ts";
export type { MapJob } from "./worker/map-job.ts";
export { runWorker } from "./worker/run-worker.ts";
export type { WorkerOptions } from "./worker/run-worker.ts";
