import { statSync } from "node:fs";
import { basename } from "node:path";
import { LossflowError } from "@lossflow/core";
import { formatFamilies } from "../formats.ts";
import { isSettingsName } from "../settings-name.ts";
import { filesFromGlob, isGlob } from "./glob.ts";
import { groupFiles, isMlflowMetric, type RunFiles } from "./group-files.ts";
import { HEAD, headOf } from "./head-of.ts";
import { nameRuns } from "./run-names.ts";
import type { Run } from "./run.ts";
import { walkFiles } from "./walk-files.ts";

const LOG_NAME =
  /\.(?:jsonl?|ndjson|csv|tsv|log|txt|out|err|wandb)$|tfevents|^(?:metrics|log|stdout|output)$/i;

/**
 * Finds the runs that sources name: a file is a run; a folder holds the runs found below it; a pattern (`runs/*.csv`,
 * `**`) the runs of its files; "-" is standard input. The event files of a folder, the metric files of an MLflow run, the
 * checkpoints of one Trainer, and what MMEngine and detectron2 write twice are one run each; a chart of Weights & Biases is one
 * for each run in it.
 *
 * @throws LossflowError `LF_SOURCE_MISSING` where a source does not exist or a pattern matches nothing; `LF_NO_RUN` where
 * a folder holds no log.
 */
export function discoverRuns(sources: readonly string[]): Run[] {
  const found = sources.flatMap((source): (RunFiles & { readonly source: string })[] => {
    const found = (files: readonly string[]): (RunFiles & { readonly source: string })[] =>
      groupFiles(files).map((group) => ({ ...group, source }));
    if (source === "-") return [{ source, files: { paths: ["-"] }, main: { path: "-" } }];
    const stats = statSync(source, { throwIfNoEntry: false });
    if (stats === undefined) {
      const files = isGlob(source) ? filesFromGlob(source) : [];
      if (files.length > 0) return found(files);
      throw new LossflowError("LF_SOURCE_MISSING", missing(source), { path: source });
    }
    const files = stats.isDirectory() ? walkFiles(source).filter(isLog) : [source];
    if (files.length > 0) return found(files);
    throw new LossflowError(
      "LF_NO_RUN",
      `No training log was found below ${source}: name a log file, or a folder that holds one.`,
      { path: source },
    );
  });
  const names = nameRuns(found.map(({ main }) => main));
  return found.map(({ source, files }, i) => ({ name: names[i]!, source, ...files }));
}

function missing(source: string): string {
  return isGlob(source)
    ? `Nothing matches ${source}: check the pattern, and quote it where the shell would expand it.`
    : `There is no ${source}: check the path.`;
}

/** Tells a log from its name and first bytes. */
function isLog(path: string): boolean {
  const name = basename(path);
  if (isMlflowMetric(path.replaceAll("\\", "/"))) return true;
  if (name.startsWith(".") || !LOG_NAME.test(name) || /^wandb-\w+\.json$/.test(name) || isSettingsName(name))
    return false;
  const bytes = headOf(path);
  if (bytes === null || bytes.length === 0) return false;
  const head = { bytes, name: path.replaceAll("\\", "/"), whole: bytes.length < HEAD };
  return formatFamilies.some((family) => (family.detect(head)?.confidence ?? 0) >= 0.5);
}
