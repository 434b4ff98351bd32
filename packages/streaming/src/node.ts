/**
 * The engine with files: everything of the root entry, and paths as sources.
 *
 * @module
 */
import type { Observable } from "rxjs";
import { formatGiven } from "./job/format-given.ts";
import { badOption, unknownNameIn, type LossJobOptions } from "./job/options.ts";
import type { Snapshot } from "./job/snapshot.ts";
import { checkpointFile } from "./checkpoint/checkpoint-file.node.ts";
import { Checkpoints } from "./checkpoint/checkpoints.ts";
import { runningLossWith } from "./running-loss.ts";
import { sourcesAt } from "./source/sources-at.node.ts";
import type { Source } from "./source/sources-from.ts";
import {
  unreducedLosses as unreducedLossesOf,
  type KeptUnits,
  type UnreducedLosses,
} from "./unreduced-losses.ts";

export { fileSource, streamSource } from "./source/file-source.ts";
export { createPool, foldLoss, httpSource, latestOnly, METRICS } from "./index.ts";
export type {
  ColumnNames,
  Duration,
  Engine,
  Figures,
  GroupFigures,
  LazyGroups,
  MetricFigures,
  MetricGroup,
  MetricResult,
  GroupKey,
  HttpOptions,
  LossJobOptions,
  LossOfColumns,
  LossResult,
  LossWindow,
  OpenTable,
  PlainValue,
  Pool,
  PoolOptions,
  CheckpointProgress,
  Progress,
  RowWindow,
  QuantileFigure,
  QuarantinedRows,
  SourcePrint,
  Segment,
  Snapshot,
  Source,
  TableSource,
  StepWindow,
  TimeWindow,
  EvaluatedUnits,
  KeptUnits,
  TopFigure,
  UnreducedLoss,
  UnreducedLosses,
  WindowFigures,
} from "./index.ts";

/** A source of the root entry, the path of a file or a folder, or the address of a file on a server. */
export type NodeSource = Source | string;

/** Options of the root entry, and what needs files. */
export interface NodeJobOptions extends LossJobOptions {
  /**
   * Keeps how far the job is in a file, so that it can go on after it was stopped, killed or cut off from power, to the
   * same bits: run the same job with the same file. What cannot be read again, such as standard input, is refused.
   */
  readonly checkpoint?: CheckpointOptions | undefined;
}

export interface CheckpointOptions {
  /** The file; the checkpoint before it stands in `FILE.previous`. Both are removed when the job is done. */
  readonly path: string;
  /** Milliseconds between checkpoints, at least. Default 5,000. */
  readonly every?: number | undefined;
}

/**
 * As `runningLoss` of the root entry, with paths and addresses among the sources. A folder is all files below it, one
 * after the other in the order of their names, numbers by their value.
 * @throws besides LF_NOT_FOUND, LF_NOT_A_FILE, LF_UNREADABLE; LF_CHECKPOINT_DIFFERS for the checkpoint of another job,
 *   LF_CHECKPOINT_DAMAGED, LF_CHECKPOINT_UNKNOWN, LF_CHECKPOINT_VERSION
 */
export function runningLoss(
  source: NodeSource | readonly NodeSource[],
  options: NodeJobOptions,
): Observable<Snapshot> {
  return runningLossWith(
    () => withFiles(source),
    options,
    () => checkpointsOf(options.checkpoint),
  );
}

const NAMES_OF_CHECKPOINT: readonly string[] = Object.keys({
  path: true,
  every: true,
} satisfies Record<keyof CheckpointOptions, true>);

function checkpointsOf(checkpoint: CheckpointOptions | undefined): Checkpoints | null {
  if (checkpoint === undefined) return null;
  if (typeof checkpoint !== "object" || (checkpoint as CheckpointOptions | null) === null)
    throw badOption(`checkpoint is ${formatGiven(checkpoint)}; give { path }, the file that is to keep it.`);
  const unknown = unknownNameIn(checkpoint, NAMES_OF_CHECKPOINT);
  if (unknown !== undefined) throw badOption(`of a checkpoint ${unknown}`);
  const { path, every }: Partial<CheckpointOptions> = checkpoint;
  if (typeof path !== "string" || path === "")
    throw badOption("checkpoint has no path; name the file that is to keep it.");
  if (every !== undefined && !(typeof every === "number" && every >= 0))
    throw badOption(`checkpoint.every is ${formatGiven(every)}; give milliseconds from 0 on.`);
  return new Checkpoints(checkpointFile(path), every);
}

/** As `unreducedLosses` of the root entry, with paths among the sources. @throws besides LF_NOT_FOUND, LF_NOT_A_FILE, LF_UNREADABLE */
export function unreducedLosses(
  source: NodeSource | readonly NodeSource[],
  options: LossJobOptions,
  keep: KeptUnits = {},
): AsyncGenerator<UnreducedLosses> {
  return unreducedLossesOf(withFiles(source), options, keep);
}

/** A path that cannot be listed is left to be refused when it is opened. */
function withFiles(source: NodeSource | readonly NodeSource[]): Source | readonly Source[] {
  const isSeveral = Array.isArray(source);
  const given = isSeveral ? (source as readonly NodeSource[]) : [source as NodeSource];
  if (!given.some((one) => typeof one === "string")) return source as Source | readonly Source[];
  return given.flatMap((one): Source[] => {
    return typeof one === "string" ? sourcesAt(one).map(({ source: named }) => named) : [one];
  });
}
