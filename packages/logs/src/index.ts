export type { EventKind, LineCounts, Point, RunEvent } from "./record.ts";
