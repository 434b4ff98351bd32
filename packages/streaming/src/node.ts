/**
 * The engine with files: everything of the root entry, and paths as sources.
 *
 * @module
 */
import type { Observable } from "rxjs";
import type { LossJobOptions } from "./job/options.ts";
import type { Snapshot } from "./job/snapshot.ts";
import { runningLoss as runningLossOf } from "./running-loss.ts";
import { fileSource } from "./source/file-source.ts";
import type { Source } from "./source/sources-from.ts";
import { unreducedLosses as unreducedLossesOf, type UnreducedLosses } from "./unreduced-losses.ts";

export { fileSource, streamSource } from "./source/file-source.ts";
export { createPool, foldLoss } from "./index.ts";
export type {
  ColumnNames,
  Duration,
  Engine,
  Figures,
  GroupFigures,
  GroupKey,
  LossJobOptions,
  LossResult,
  LossWindow,
  OpenTable,
  Pool,
  PoolOptions,
  Progress,
  RowWindow,
  Segment,
  Snapshot,
  Source,
  TableSource,
  StepWindow,
  TimeWindow,
  TopFigure,
  UnreducedLoss,
  UnreducedLosses,
  WindowFigures,
} from "./index.ts";

/** A source of the root entry, or the path of a file. */
export type NodeSource = Source | string;

/** As `runningLoss` of the root entry, with paths among the sources. @throws besides LF_NOT_FOUND, LF_NOT_A_FILE, LF_UNREADABLE */
export function runningLoss(
  source: NodeSource | readonly NodeSource[],
  options: LossJobOptions,
): Observable<Snapshot> {
  return runningLossOf(withFiles(source), options);
}

/** As `unreducedLosses` of the root entry, with paths among the sources. @throws besides LF_NOT_FOUND, LF_NOT_A_FILE, LF_UNREADABLE */
export function unreducedLosses(
  source: NodeSource | readonly NodeSource[],
  options: LossJobOptions,
): AsyncGenerator<UnreducedLosses> {
  return unreducedLossesOf(withFiles(source), options);
}

function withFiles(source: NodeSource | readonly NodeSource[]): Source | readonly Source[] {
  const withFile = (one: NodeSource): Source => (typeof one === "string" ? fileSource(one) : one);
  return Array.isArray(source)
    ? (source as readonly NodeSource[]).map(withFile)
    : withFile(source as NodeSource);
}
