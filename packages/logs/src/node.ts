export { DescriptorBudget } from "./node/descriptor-budget.ts";
export { discoverRuns } from "./node/discover-runs.ts";
export { FileFollower, positionIn } from "./node/file-follower.ts";
export type { FilePosition, FollowerSink } from "./node/file-follower.ts";
export { followRun } from "./node/follow-run.ts";
export type { FileState, FollowedRun, FollowOptions, RunPosition } from "./node/follow-run.ts";
export { binaryError, emptyError, readRun } from "./node/read-run.ts";
export type { ReadRunOptions, RunReading } from "./node/read-run.ts";
export type { Run } from "./node/run.ts";
