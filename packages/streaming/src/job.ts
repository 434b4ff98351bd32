/**
 * The parts of a job whose chunks are folded on other machines: it is planned in one place, its chunks are folded
 * anywhere, and their results are merged in any order. What carries them is somebody else's, such as
 * `@lossflow/jetstream`. For Node.
 *
 * @module
 */
export { arithmeticOf } from "./remote/arithmetic.ts";
export { ChunkFolder } from "./remote/chunk-folder.ts";
export type { ChunkRun } from "./remote/chunk-folder.ts";
export { JobState } from "./remote/job-state.ts";
export { PlannedJob } from "./remote/planned-job.ts";
export type { PlannedChunk } from "./remote/planned-job.ts";
export { resultFromError } from "./remote/result-bytes.ts";
