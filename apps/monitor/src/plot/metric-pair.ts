const TRAIN = /(^|[/_. -])(train|training)([/_. -]|$)/i;
const HELD_OUT = /(^|[/_. -])(val|valid|validation|eval|dev|test)([/_. -]|$)/i;

/** What a series is measured on, by its name. */
export type MeasuredOn = "train" | "validation" | null;

/** Tells a training series from one of held-out data; null where the name does not say. */
export function measuredOn(name: string): MeasuredOn {
  if (HELD_OUT.test(name)) return "validation";
  return TRAIN.test(name) ? "train" : null;
}

/** What the training and the validation series of one quantity have in common: `loss` of `train/loss`, `eval_loss` and `loss`. */
export function pairKey(name: string): string {
  const bare = name.replace(
    measuredOn(name) === "validation" ? HELD_OUT : TRAIN,
    (_part, before: string, _word, after: string) => (before !== "" && after !== "" ? before : ""),
  );
  return bare === "" ? name : bare.toLowerCase();
}

/** The series of held-out data that belongs to a training series, among names; null where there is none. */
export function validationOf(name: string, names: readonly string[]): string | null {
  if (measuredOn(name) === "validation") return null;
  const key = pairKey(name);
  return names.find((other) => measuredOn(other) === "validation" && pairKey(other) === key) ?? null;
}
