export { discoverRuns } from "./node/discover-runs.ts";
export { readRun } from "./node/read-run.ts";
export type { ReadRunOptions, RunReading } from "./node/read-run.ts";
export type { Run } from "./node/run.ts";
