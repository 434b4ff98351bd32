/** What a field of a log says about the place of its line, rather than measuring something. */
export type Axis = "step" | "epoch" | "time" | "rank";

const STEP_NAMES = [
  "global_step",
  "_step",
  "step",
  "global_steps",
  "steps",
  "iteration",
  "iter",
  "it",
  "itr",
  "iters",
  "iter_num",
  "n_iter",
  "global_iter",
  "global_iteration",
  "total_iters",
  "num_updates",
  "train_num_updates",
  "valid_num_updates",
  "update",
  "updates",
  "current_steps",
  "training_iteration",
  "iterations",
  "num_steps",
  "step_num",
  "batch_idx",
];
const EPOCH_NAMES = ["epoch", "epoch_num", "current_epoch"];
const TIME_NAMES = [
  "time",
  "timestamp",
  "_timestamp",
  "wall_time",
  "walltime",
  "wall time",
  "ts",
  "time_ms",
  "datetime",
  "date",
  "asctime",
  "time_elapsed",
  "elapsed_time",
  "elapsed",
  "duration",
  "_runtime",
];
const RANK_NAMES = ["rank", "global_rank", "local_rank"];

const AXES: ReadonlyMap<string, Axis> = new Map<string, Axis>([
  ...STEP_NAMES.map((name): [string, Axis] => [name, "step"]),
  ...EPOCH_NAMES.map((name): [string, Axis] => [name, "epoch"]),
  ...TIME_NAMES.map((name): [string, Axis] => [name, "time"]),
  ...RANK_NAMES.map((name): [string, Axis] => [name, "rank"]),
]);

/**
 * Tells which axis the field `name` is, if any: by its last key (`trainer/global_step`), in any case, with spaces or
 * dashes read as underscores.
 */
export function axisFromName(name: string): Axis | null {
  const key = name
    .slice(name.lastIndexOf("/") + 1)
    .trim()
    .toLowerCase()
    .replace(/\.$/, "");
  return AXES.get(key) ?? AXES.get(key.replace(/[ -]+/g, "_")) ?? null;
}

/** Ranks the step fields of one record: the lowest is the step, the others are neither step nor metric. */
export function stepPreference(name: string): number {
  const key = name
    .slice(name.lastIndexOf("/") + 1)
    .trim()
    .toLowerCase()
    .replace(/[ -]+/g, "_");
  const at = STEP_NAMES.indexOf(key);
  return at < 0 ? STEP_NAMES.length : at;
}

/** Tells whether a text field of this name splits series (`mode: "train"`). */
export function isTagName(name: string): boolean {
  return /^(?:mode|split|phase|stage|subset|set|partition|tag|fold_name|dataset_split|data_split)$/i.test(
    name.trim(),
  );
}

/** Tells whether a text field is a tag by its value too, as in `type: "eval"` and `context: {subset: "val"}`. */
export function isTagValue(name: string, value: string): boolean {
  const key = name.slice(name.lastIndexOf("/") + 1).trim();
  return (
    (/^(?:type|event|kind|part|prefix|loop|name)$/i.test(name.trim()) || isTagName(key)) &&
    /^(?:train|training|val|valid|validation|eval|evaluation|test|testing|dev)$/i.test(value)
  );
}

/** Tells whether `name` reads like something that training measures; the generic text reader asks. */
export function isMetricName(name: string): boolean {
  return /loss|nll|perplex|\bppl\b|acc(?:uracy)?\b|\bacc|error|\berr\b|reward|return|\bauc\b|\bf1\b|bleu|rouge|\bmap\b|\bm?iou\b|dice|score|\bmse\b|\bmae\b|rmse|\bkl\b|\blr\b|learning.?rate|grad.?norm|\bnorm\b|entropy|\bbpb\b|\bbpc\b|precision|recall|logp|elbo|psnr|ssim|\bfid\b|\bwer\b|\bcer\b|cost\b|objective/i.test(
    name.replace(/_/g, " "),
  );
}

/** Tells whether a column or key reads like part of a log: it counts something that goes on, or names a data set. */
export function isCourseName(name: string): boolean {
  return /^(?:episodes?|rounds?|generations?|batch(?:es)?|trial|samples|tokens|frames|timesteps|(?:total|num)_(?:time)?(?:steps|tokens|samples|frames|updates)|train(?:ing)?|val(?:id(?:ation)?)?|dev|eval|fitness|r|value)$/i.test(
    name.slice(name.lastIndexOf("/") + 1).trim(),
  );
}
