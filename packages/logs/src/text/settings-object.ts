import { axisFromName } from "../axes.ts";
import type { Leaf } from "./object-scanner.ts";

const SETTING =
  /^(?:epochs|(?:num|n|max|total)_(?:train_)?(?:epochs?|steps|updates?|iters?|iterations)|(?:\w+_)?batch_size|seed|random_(?:seed|state)|num_leaves|max_depth|n_estimators|num_workers|(?:log|logging|eval|save|print)_(?:interval|steps|every|freq)|weight_decay|momentum|dropout|hidden_(?:size|dim)|num_layers|warmup_\w+|booster|boosting_type|eval_metric|optimizer|output_dir)$/i;
const MEASURE = /(?:^|[/_ -])(?:loss|acc|accuracy|reward|perplexity|runtime)$/i;
/** Names that count what is done, or say how much shall be. */
const PLAN = /^(?:num_steps|steps|iterations|updates)$/i;
/** DeepSpeed's `optimizer_params ............. {..}`, `args: {..}`, `config = {..}`. */
const HEAD =
  /(?:\.{4,}|(?:args|arguments|config(?:uration)?|(?:hyper|h)?[-_ ]?param(?:eter)?s|settings|options)["')]?\s*[:=|]?)\s*$/i;

/** Tells settings by their keys: something that no training measures, neither a place nor a loss beside it. */
export function isSettings(leaves: readonly Leaf[]): boolean {
  const isPlace = ({ kind, path }: Leaf): boolean => {
    const axis = axisFromName(path);
    return (
      kind === "number" && !path.includes("/") && !PLAN.test(path) && (axis === "step" || axis === "epoch")
    );
  };
  return (
    leaves.some(({ path }) => SETTING.test(path.slice(path.lastIndexOf("/") + 1))) &&
    !leaves.some((leaf) => isPlace(leaf) || (leaf.kind === "number" && MEASURE.test(leaf.path)))
  );
}

/** Tells words behind which settings stand. */
export function headsSettings(words: string): boolean {
  return HEAD.test(words);
}
