import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { byteText, textFromBytes } from "../bytes/byte-text.ts";
import { wandbRunName } from "../binary/wandb-run-name.ts";
import { exportedRuns } from "../table/exported-runs.ts";
import { headOf } from "./head-of.ts";
import type { Run } from "./run.ts";
import type { RunMain } from "./run-names.ts";
import { compareNatural } from "./walk-files.ts";

/** The files of a run, and what names it. */
export interface RunFiles {
  readonly files: Omit<Run, "name" | "source">;
  readonly main: RunMain;
}

/** A series of DVCLive; of older ones below `scalars`. */
const DVCLIVE = /^(.*?)\/(?:plots\/metrics|(?<=(?:^|\/)dvclive\/)scalars)\//;
/** MMEngine: `STAMP/STAMP.log` and `STAMP/vis_data/scalars.json`; before it `STAMP.log` and `STAMP.log.json`. */
const MMENGINE = /^(.*\/)?(\d{8}_\d{6})\/(?:\2\.log|vis_data\/(?:scalars|\2)\.json)$/;
const MMCV = /^(.*\/)?(\d{8}_\d{6})\.log(?:\.json)?$/;

/** Puts files that tell of one run together, the file that names the run last. */
export function groupFiles(files: readonly string[]): RunFiles[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const key = runKey(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups].flatMap(([key, paths]) => runsOf(key.slice(0, key.indexOf(":")), paths));
}

function runsOf(kind: string, paths: readonly string[]): RunFiles[] {
  if (kind === "trainer") return [whole([latestState(paths)])];
  if (kind === "twice") return [withAsides(paths)];
  if (kind === "file") return parts(paths[0]!);
  // CatBoost and DVCLive write their figures again beside the tables: as events, and as one document.
  const tables = /^(?:catboost|dvclive)$/.test(kind) ? paths.filter((path) => path.endsWith(".tsv")) : [];
  return [whole(tables.length > 0 ? tables : paths)];
}

function whole(paths: readonly string[]): RunFiles {
  return { files: { paths }, main: mainOf(paths) };
}

/** JSON has the figures exactly; the printed log tells of crashes too. */
function withAsides(paths: readonly string[]): RunFiles {
  const figures =
    paths.find((path) => /(?:^|[\\/])(?:scalars|metrics)\.json$/.test(path)) ??
    paths.find((path) => path.endsWith(".json")) ??
    paths[0]!;
  const asides = paths.filter((path) => path !== figures && !path.endsWith(".json"));
  const { files, main } = whole([figures]);
  return { files: asides.length === 0 ? files : { ...files, asides }, main };
}

/** A chart that Weights & Biases exports has a column for each run. */
function parts(path: string): RunFiles[] {
  const head = path.endsWith(".csv") ? headOf(path) : null;
  const runs = head === null ? [] : exportedRuns(byteText(head, 0, head.length));
  if (runs.length < 2) return [whole([path])];
  return runs.map((part) => ({ files: { paths: [path], part }, main: { path, name: textFromBytes(part) } }));
}

function runKey(file: string): string {
  const path = file.replaceAll("\\", "/");
  const folder = dirname(path);
  if (isMlflowMetric(path)) return `mlflow:${mlflowRun(path)}`;
  const catboost = path.lastIndexOf("catboost_info/");
  if (catboost >= 0) return `catboost:${path.slice(0, catboost)}`;
  if (basename(path) === "metrics.json" && isFolder(join(folder, "plots/metrics")))
    return `dvclive:${folder}`;
  if (/tfevents/.test(basename(path))) return `events:${folder}`;
  if (basename(path) === "trainer_state.json") return `trainer:${folder.replace(/\/checkpoint-\d+$/, "")}`;
  const dvclive = DVCLIVE.exec(path);
  if (dvclive !== null) return `dvclive:${dvclive[1]!}`;
  const stamped = MMENGINE.exec(path) ?? MMCV.exec(path);
  if (stamped !== null) return `twice:${stamped[1] ?? ""}${stamped[2]!}`;
  // Detectron2.
  const twin = { "metrics.json": "log.txt", "log.txt": "metrics.json" }[basename(path)];
  if (twin !== undefined && exists(join(folder, twin))) return `twice:${folder}`;
  return `file:${path}`;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Tells a metric's file in the store of MLflow; folders are parted by "/". */
export function isMlflowMetric(path: string): boolean {
  return path.includes("/metrics/") && exists(join(mlflowRun(path), "meta.yaml"));
}

function mlflowRun(path: string): string {
  return path.slice(0, path.lastIndexOf("/metrics/"));
}

/** What names a run: of MLflow and Weights & Biases the name that it was given. */
function mainOf(paths: readonly string[]): RunMain {
  const file = paths.at(-1)!;
  const path = file.replaceAll("\\", "/");
  const dvclive = DVCLIVE.exec(path);
  if (dvclive !== null) return { path: dvclive[1]! };
  if (path.endsWith(".wandb")) {
    const name = wandbRunName(headOf(file) ?? NOTHING);
    return name === null ? { path: file } : { path: file, name };
  }
  if (!isMlflowMetric(path)) return { path: file };
  const run = mlflowRun(path);
  const meta = headOf(join(run, "meta.yaml"));
  const name = /^run_name:\s*['"]?(.*?)['"]?\s*$/m.exec(new TextDecoder().decode(meta ?? undefined))?.[1];
  return name === undefined || name === "" ? { path: run } : { path: run, name };
}

/** The state in the output folder itself, else that of the last checkpoint: each holds all before it. */
function latestState(paths: readonly string[]): string {
  const sorted = [...paths].sort(compareNatural);
  return sorted.find((path) => !/checkpoint-\d+[\\/]/.test(path)) ?? sorted.at(-1)!;
}

const NOTHING = new Uint8Array(0);
