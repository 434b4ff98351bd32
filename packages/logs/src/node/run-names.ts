import { basename, dirname, extname, resolve } from "node:path";

/** Names that many runs share; the folder around them says more. */
const GENERIC =
  /^(?:metrics|results|progress|log|logs|main|monitor|history|train|training|train_log|training_log|trainer_state|trainer_log|stdout|output|events|result|scalars|learn_error|test_error|time_left|catboost_training|run|results_\d+)$/i;
const STRUCTURAL =
  /^(?:checkpoint-\d+|csv_logs|logs?|files|vis_data|catboost_info|learn|runs?|tensorboard|tb|wandb|metrics|plots|\.)$/i;

/** What names a run: its file, or the name it was given. */
export interface RunMain {
  readonly path: string;
  readonly name?: string;
}

/**
 * Names runs as a person would: a file by its own name, or by the folder around it where the name is one that many runs
 * share (`version_0` for `lightning_logs/version_0/metrics.csv`). Runs of equal names are told apart by the folders
 * above, then by numbers.
 */
export function nameRuns(mains: readonly RunMain[]): string[] {
  const parts = mains.map(nameParts);
  const depths = parts.map(() => 1);
  const name = (i: number): string => parts[i]!.slice(-depths[i]!).join("/");
  for (let rounds = 0; rounds < 8; rounds++) {
    const counts = countNames(parts.map((_, i) => name(i)));
    let changed = false;
    parts.forEach((part, i) => {
      if (counts.get(name(i))! < 2 || depths[i]! >= part.length) return;
      depths[i]!++;
      changed = true;
    });
    if (!changed) break;
  }
  const used = new Map<string, number>();
  return parts.map((_, i) => {
    const base = name(i);
    const before = used.get(base) ?? 0;
    used.set(base, before + 1);
    return before === 0 ? base : `${base} (${before + 1})`;
  });
}

function countNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The folders and the name that tell a run, the last being its short name. */
function nameParts({ path, name }: RunMain): string[] {
  if (path === "-") return ["stdin"];
  const whole = resolve(path);
  const folders = dirname(whole)
    .split(/[\\/]/)
    .filter((part) => part !== "" && !/^[A-Za-z]:$/.test(part));
  while (folders.length > 1 && STRUCTURAL.test(folders.at(-1)!)) folders.pop();
  if (name !== undefined) return [...folders, name];
  const file = basename(whole);
  const stem = /tfevents/.test(file)
    ? "events"
    : basename(file, /^\.\w{1,6}$/.test(extname(file)) ? extname(file) : "");
  return GENERIC.test(stem) && folders.length > 0 ? folders : [...folders, stem];
}
