import { lossFromSpec, type Loss } from "@lossflow/core";

/** One loss of the bench, and what is asked of it. */
export interface BenchCase {
  /** Its name in native/losses.c. */
  readonly name: string;
  readonly loss: Loss;
  readonly classes: number;
  readonly target: "numbers" | "labels" | "classes10" | "classes1000";
  /** The C loop that speed is measured by: the loss itself, or one that only reads the columns. */
  readonly baseline: string;
  /** The part of the baseline's speed that the kernels are to reach. */
  readonly goal: number;
  /** How many times as fast as DuckDB they are to be. */
  readonly duckdbGoal: number;
}

/** How many times as fast as TensorFlow.js the kernels are to be. */
export const TFJS_GOAL = 3;

export const CASES: readonly BenchCase[] = [
  distance("mse"),
  distance("mae"),
  distance("huber"),
  {
    name: "bce_logits",
    loss: lossFromSpec({ loss: "bce_logits" }),
    classes: 1,
    target: "labels",
    baseline: "bce_logits",
    goal: 0.9,
    duckdbGoal: 6,
  },
  {
    name: "focal_logits",
    loss: lossFromSpec({ loss: "focal_logits", params: { gamma: 2, alpha: 0.25 } }),
    classes: 1,
    target: "labels",
    baseline: "focal_logits",
    goal: 0.8,
    duckdbGoal: 5,
  },
  rows("scce_10", 10, "classes10", 1.5),
  rows("scce_1000", 1000, "classes1000", 0.55),
];

function distance(id: "mse" | "mae" | "huber"): BenchCase {
  return {
    name: id,
    loss: lossFromSpec({ loss: id }),
    classes: 1,
    target: "numbers",
    baseline: "read",
    goal: 0.5,
    duckdbGoal: 10,
  };
}

function rows(name: string, classes: number, target: BenchCase["target"], goal: number): BenchCase {
  const loss = lossFromSpec({ loss: "scce_logits" });
  return { name, loss, classes, target, baseline: name, goal, duckdbGoal: 5 };
}
