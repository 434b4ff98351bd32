/** Names that training loops give their loss, the most telling first. */
const MAIN = [
  // Before train_loss, which beside it is the average that a Trainer writes at the end.
  /^loss$/,
  // fairseq's updates; beside them train/loss sums up an epoch.
  /^train_inner\/loss$/,
  /^(train|training)[/_. -]?loss$/,
  // llm.c writes its training and held-out losses as trl and tel.
  /^trl$/,
  /^(train|training)[/_. -].*\bloss$/,
  /^(lm|total|train_total)[/_. -]loss$/,
  /(^|[/_. -])(train|training)[/_. -](.*[/_. -])?loss([/_. -](step|epoch))?$/,
  /(^|[/_. -])total[/_. -]?loss$/,
  /(^|[/_. -])loss$/,
  /loss/,
  /(^|[/_. -])(logloss|nll|perplexity|ppl|cross_?entropy|rmse|mse|mae|error)([/_. -]|$)/,
  // CatBoost's console names its objective after the data.
  /^learn$/,
] as const;

const HELD_OUT = /(^|[/_. -])(val|valid|validation|eval|dev|test)([/_. -]|$)|^(val|eval|test)/;
/** A loss scale, a count or a rate speaks of the loss and is none. */
const NOT_A_LOSS = /loss[/_. -]?(scale|scaler|weight|coef)|(__|[/_. -])(min|max)$/;

/** What stands in the name of a single layer's figure. */
const LAYER = /(^|[/_. -])(weight|bias|layers?|blocks?|module|\d+)([/_. -]|$)/;

/** Tells whether a series is a loss by its name: what the detectors of spikes, divergence and plateaus look at. */
export function isLossName(name: string): boolean {
  const lower = name.toLowerCase();
  return !NOT_A_LOSS.test(lower) && MAIN.some((pattern) => pattern.test(lower));
}

/** Tells whether a series is the norm of all gradients by its name; those of single layers are too many to watch. */
export function isGradientNormName(name: string): boolean {
  const lower = name.toLowerCase();
  return /(^|[/_. -])g(rad(ient)?s?)?[/_. -]?norm$|^(\w+\/)?norm$/.test(lower) && !LAYER.test(lower);
}

/** Tells whether more than NaN is looked for in a series of this name. */
export function isWatched(name: string): boolean {
  return isLossName(name) || isGradientNormName(name);
}

/** Tells whether a loss is measured on data that is not trained on. */
export function isHeldOutName(name: string): boolean {
  return name === "tel" || (isLossName(name) && HELD_OUT.test(name.toLowerCase()));
}

/** Finds the training loss that a held-out one belongs to: of the same name but for the split, else the main one. */
export function trainMetricOf(heldOut: string, names: readonly string[]): string | null {
  const trained = names.filter((name) => !isHeldOutName(name));
  const base = withoutSplit(heldOut);
  const main = mainMetric(trained);
  if (main !== null && withoutSplit(main) === base) return main;
  return trained.find((name) => withoutSplit(name) === base) ?? main;
}

/**
 * Finds the main training loss of a run by its name, null where no series looks like a loss. Held-out losses count
 * only where there is no other; of equals the first in the log is taken.
 */
export function mainMetric(names: readonly string[]): string | null {
  let best: string | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const lower = name.toLowerCase();
    if (NOT_A_LOSS.test(lower)) continue;
    const rank = MAIN.findIndex((pattern) => pattern.test(lower));
    if (rank < 0) continue;
    const held = HELD_OUT.test(lower) ? MAIN.length : 0;
    if (rank + held < bestRank) {
      best = name;
      bestRank = rank + held;
    }
  }
  return best;
}

function withoutSplit(name: string): string {
  const lower = name.toLowerCase();
  return lower.replace(/(^|[/_. -])(train(ing)?|val(id(ation)?)?|eval|dev|test)([/_. -]|$)/, "$1");
}
