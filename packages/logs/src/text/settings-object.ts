import { axisFromName, isMetricName } from "../axes.ts";
import type { Leaf } from "./object-scanner.ts";

const SETTING =
  /^(?:epochs|(?:num|n|max|total)_(?:train_)?(?:epochs?|steps|updates?|iters?|iterations)|(?:\w+_)?batch_size|seed|random_(?:seed|state)|num_leaves|max_depth|n_estimators|num_workers|(?:log|logging|eval|save|print)_(?:interval|steps|every|freq)|weight_decay|momentum|dropout|hidden_(?:size|dim)|num_layers|warmup_\w+|booster|boosting_type|eval_metric|optimizer|output_dir)$/i;
/** Names of settings that have the word of a measure in them: `loss_scale`, `min_lr`, `accumulate_grad_batches`. */
const OF_SETTING =
  /(?:^|[/_ -])(?:lr|learning.?rate|max|min|num|n|use|target|init|precision|norm|accum\w*|acceler\w*|betas?)(?:$|[/_ -])|(?:scale|scaling|scaler|weights?|coeff?|factor|ratio|lambda|alpha|gamma|beta|threshold|smoothing|clip(?:ping)?|type|function|fn|name|decay|penalty|every|freq(?:uency)?|interval|steps|patience|margin|power|eps|epsilon|schedule\w*|batches|reduction|window|delta|tolerance|discount|mode)$/i;
/** Names that count what is done, or say how much shall be. */
const PLAN = /^(?:num_steps|steps|iterations|updates)$/i;
/** `args: {..}`, `config = {..}`. */
const HEAD =
  /(?:args|arguments|config(?:uration)?|(?:hyper|h)?[-_ ]?param(?:eter)?s|settings|options)["')]?\s*[:=|]?\s*$/i;
/** DeepSpeed's `optimizer_params ............. {..}`. */
const DOTS = /\.{4,}\s*$/;

/** Tells settings by their keys: something that no training measures, with neither a place nor a measure beside it. */
export function isSettings(leaves: readonly Leaf[]): boolean {
  const isPlace = ({ kind, path }: Leaf): boolean => {
    const axis = axisFromName(path);
    return (
      kind === "number" && !path.includes("/") && !PLAN.test(path) && (axis === "step" || axis === "epoch")
    );
  };
  return (
    leaves.some(({ path }) => SETTING.test(path.slice(path.lastIndexOf("/") + 1))) &&
    !leaves.some(isPlace) &&
    !isMeasured(leaves)
  );
}

/** Tells settings by the words before them; the dots of a dump may also stand before what a validation measured. */
export function headsSettings(words: string, leaves: readonly Leaf[]): boolean {
  return HEAD.test(words) || (DOTS.test(words) && !isMeasured(leaves));
}

function isMeasured(leaves: readonly Leaf[]): boolean {
  return leaves.some(
    ({ kind, path }) =>
      kind === "number" &&
      (/(?:^|[/_ -])runtime$/i.test(path) || (isMetricName(path) && !OF_SETTING.test(path))),
  );
}
