/** One loss that is advised, the best first. */
export interface LossAdvice {
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** A figure that the advice rests on. */
export interface AdviceFigure {
  readonly name: string;
  readonly value: number;
  /** What it says, for a person. */
  readonly meaning: string;
}

/** What `advise --json` prints. */
export interface Advice {
  readonly version: 1;
  readonly task: "regression" | "binary" | "multiclass";
  /** What the predictions were taken for. */
  readonly predictions: "values" | "probabilities" | "logits";
  /** Pairs of a target and a prediction. */
  readonly count: number;
  /** Those of them that are not finite, which no figure holds. */
  readonly notFinite: number;
  readonly missing: number;
  readonly figures: readonly AdviceFigure[];
  readonly advice: readonly LossAdvice[];
  /** What cannot be told from targets and predictions. */
  readonly limits: readonly string[];
}

/** The part of an advice that a task decides. */
export type TaskAdvice = Pick<Advice, "figures" | "advice" | "limits">;
