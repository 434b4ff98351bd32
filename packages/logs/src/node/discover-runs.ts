import { closeSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LossflowError } from "@lossflow/core";
import { formatFamilies } from "../formats.ts";
import { isSettingsName } from "../settings-name.ts";
import { filesFromGlob, isGlob } from "./glob.ts";
import { nameRuns } from "./run-names.ts";
import type { Run } from "./run.ts";
import { compareNatural, walkFiles } from "./walk-files.ts";

const HEAD = 1 << 16;
const LOG_NAME =
  /\.(?:jsonl?|ndjson|csv|tsv|log|txt|out|err|wandb)$|tfevents|^(?:metrics|log|stdout|output)$/i;
/** A series of DVCLive; of older ones below `scalars`. */
const DVCLIVE = /^(.*?)\/(?:plots\/metrics|(?<=(?:^|\/)dvclive\/)scalars)\//;

interface Found {
  readonly source: string;
  readonly paths: readonly string[];
  /** The path that names the run. */
  readonly main: string;
}

/**
 * Finds the runs that sources name: a file is a run; a folder holds the runs found below it; a pattern (`runs/*.csv`,
 * `**`) the runs of its files; "-" is standard input. The event files of a folder, the metric files of an MLflow run and
 * the checkpoints of one Trainer are one run each.
 *
 * @throws LossflowError `LF_SOURCE_MISSING` where a source does not exist or a pattern matches nothing; `LF_NO_RUN` where
 * a folder holds no log.
 */
export function discoverRuns(sources: readonly string[]): Run[] {
  const found = sources.flatMap((source): Found[] => {
    const found = (groups: readonly string[][]): Found[] =>
      groups.map((paths) => ({ source, paths, main: mainPath(paths) }));
    if (source === "-") return [{ source, paths: ["-"], main: "-" }];
    const stats = statSync(source, { throwIfNoEntry: false });
    if (stats === undefined) {
      const files = isGlob(source) ? filesFromGlob(source) : [];
      if (files.length > 0) return found(groupsOf(files));
      throw new LossflowError("LF_SOURCE_MISSING", missing(source), { path: source });
    }
    if (!stats.isDirectory()) return found([[source]]);
    const groups = groupsOf(walkFiles(source).filter(isLog));
    if (groups.length > 0) return found(groups);
    throw new LossflowError(
      "LF_NO_RUN",
      `No training log was found below ${source}: name a log file, or a folder that holds one.`,
      { path: source },
    );
  });
  const names = nameRuns(found.map(({ main }) => main));
  return found.map(({ source, paths }, i) => ({ name: names[i]!, source, paths }));
}

function missing(source: string): string {
  return isGlob(source)
    ? `Nothing matches ${source}: check the pattern, and quote it where the shell would expand it.`
    : `There is no ${source}: check the path.`;
}

/** Puts files that tell of one run together, the file that names the run last. */
function groupsOf(files: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const key = runKey(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups].map(([key, paths]) => {
    if (key.startsWith("trainer:")) return [latestState(paths)];
    // CatBoost and DVCLive write their figures again beside the tables: as events, and as one document.
    const tables = paths.filter((path) => path.endsWith(".tsv"));
    return /^(?:catboost|dvclive):/.test(key) && tables.length > 0 ? tables : paths;
  });
}

function runKey(file: string): string {
  const path = file.replaceAll("\\", "/");
  const folder = dirname(path);
  const mlflow = /^(.*\/)?[^/]+\/metrics\//.exec(path);
  if (mlflow !== null && isMlflowRun(path)) return `mlflow:${path.slice(0, path.lastIndexOf("/metrics/"))}`;
  const catboost = path.lastIndexOf("catboost_info/");
  if (catboost >= 0) return `catboost:${path.slice(0, catboost)}`;
  if (basename(path) === "metrics.json" && isFolder(join(folder, "plots/metrics")))
    return `dvclive:${folder}`;
  if (/tfevents/.test(basename(path))) return `events:${folder}`;
  if (basename(path) === "trainer_state.json") return `trainer:${folder.replace(/\/checkpoint-\d+$/, "")}`;
  const dvclive = DVCLIVE.exec(path);
  if (dvclive !== null) return `dvclive:${dvclive[1]!}`;
  return `file:${path}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isMlflowRun(path: string): boolean {
  return statSync(join(mlflowRun(path), "meta.yaml"), { throwIfNoEntry: false }) !== undefined;
}

function mlflowRun(path: string): string {
  return path.slice(0, path.lastIndexOf("/metrics/"));
}

/** The path that names a run: of an MLflow run the folder, by the name that `meta.yaml` gives it. */
function mainPath(paths: readonly string[]): string {
  const path = paths.at(-1)!.replaceAll("\\", "/");
  const dvclive = DVCLIVE.exec(path);
  if (dvclive !== null) return dvclive[1]!;
  if (!path.includes("/metrics/") || !isMlflowRun(path)) return paths.at(-1)!;
  const run = mlflowRun(path);
  const meta = headOf(join(run, "meta.yaml"));
  const name = /^run_name:\s*['"]?(.*?)['"]?\s*$/m.exec(new TextDecoder().decode(meta ?? undefined))?.[1];
  return name === undefined || name === "" ? run : join(dirname(run), name);
}

/** The state in the output folder itself, else that of the last checkpoint: each holds all before it. */
function latestState(paths: readonly string[]): string {
  const sorted = [...paths].sort(compareNatural);
  return sorted.find((path) => !/checkpoint-\d+[\\/]/.test(path)) ?? sorted.at(-1)!;
}

/** Tells a log from its name and first bytes. */
function isLog(path: string): boolean {
  const name = basename(path);
  const inMlflow = /[\\/]metrics[\\/]/.test(path) && isMlflowRun(path.replaceAll("\\", "/"));
  if (inMlflow) return true;
  if (name.startsWith(".") || !LOG_NAME.test(name) || /^wandb-\w+\.json$/.test(name) || isSettingsName(name))
    return false;
  const bytes = headOf(path);
  if (bytes === null || bytes.length === 0) return false;
  const head = { bytes, name: path.replaceAll("\\", "/"), whole: bytes.length < HEAD };
  return formatFamilies.some((family) => (family.detect(head)?.confidence ?? 0) >= 0.5);
}

function headOf(path: string): Uint8Array | null {
  let stats: Stats;
  try {
    stats = statSync(path);
    if (!stats.isFile()) return null;
    const file = openSync(path, "r");
    try {
      const bytes: Uint8Array = Buffer.allocUnsafe(Math.min(HEAD, stats.size));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
