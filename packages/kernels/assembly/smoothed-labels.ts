import { F32, F64 } from "./columns";
import { distributed } from "./distributed-rows";
import { dropUnlabelled, readLabels } from "./labelled-rows";
import { distributedProbabilities } from "./probability-rows";
import { LABELS } from "./row-targets";
import { classFactor, classFactors, losses, scratch } from "./workspace";

/*
 * Cross-entropy of rows with labels that are smoothed: that of the distributions which the labels stand for, divided by what
 * the label's class weighs, as core gives it. Parameters as for distributions, and 9 the label to ignore.
 */
export const SMOOTHED_SCCE_LOGITS: i32 = 15;
export const SMOOTHED_SCCE: i32 = 16;

/** Labels of a block, i32, behind what the losses of distributions keep there. */
// @ts-ignore: decorator
@inline
export function blockLabels(): usize {
  return scratch(2) + 2048;
}

/** Writes the losses of up to BLOCK rows. `labels` are doubles. @returns false where a label or a probability is refused. */
export function smoothedLabels<T>(kind: i32, labels: usize, x: usize, rows: i32, classes: i32): bool {
  const ys = blockLabels();
  if (!readLabels(labels, rows, classes, ys)) return false;
  if (kind == SMOOTHED_SCCE_LOGITS) distributed<T>(ys, LABELS, x, 0, rows, classes);
  else if (!distributedProbabilities(ys, LABELS, x, sizeof<T>() == 4 ? F32 : F64, 0, rows, classes)) return false;
  if (classFactors() != 0) {
    for (let r: usize = 0; r < <usize>rows; r++) {
      const at = losses() + (r << 3);
      store<f64>(at, load<f64>(at) / classFactor(max(0, load<i32>(ys + (r << 2)))));
    }
  }
  dropUnlabelled(ys, rows);
  return true;
}
