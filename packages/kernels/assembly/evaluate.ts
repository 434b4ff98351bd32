import { BCE, binaryProbabilities } from "./binary-probabilities";
import { binaryLogits } from "./binary-logits";
import { F32, F64, toDoubles, widthOf } from "./columns";
import { distances, SMOOTH_L1 } from "./distance";
import { CCE_LOGITS, distributed } from "./distributed-rows";
import { FOCAL_SOFTMAX, labelled, SCCE_LOGITS } from "./labelled-rows";
import { CCE, distributedProbabilities, labelledProbabilities, SCCE } from "./probability-rows";
import { SMOOTHED_SCCE, SMOOTHED_SCCE_LOGITS, smoothedLabels } from "./smoothed-labels";
import { losses, parameter, predictions, targets } from "./workspace";

/**
 * Writes the losses of up to BLOCK units from `first` on into the workspace. `kind` is one of src/kernel-plan.ts.
 * @returns false where a value is refused.
 */
export function evaluate(
  kind: i32,
  target: usize,
  targetType: i32,
  prediction: usize,
  predictionType: i32,
  classes: i32,
  first: i32,
  count: i32,
): bool {
  if (kind == CCE) {
    return distributedProbabilities(target, targetType, prediction, predictionType, first, count, classes);
  }
  const width = widthOf(predictionType);
  const at = prediction + <usize>first * <usize>classes * width;
  if (kind == CCE_LOGITS) {
    if (width == 4) return distributed<f32>(target, targetType, at, first, count, classes);
    return distributed<f64>(target, targetType, at, first, count, classes);
  }
  if (kind == SCCE_LOGITS || kind == FOCAL_SOFTMAX || kind == SCCE) {
    const labels = toDoubles(target, targetType, first, count, targets());
    if (kind == SCCE) {
      if (width == 4) return labelledProbabilities<f32>(labels, at, count, classes);
      return labelledProbabilities<f64>(labels, at, count, classes);
    }
    if (width == 4) return labelled<f32>(kind, labels, at, count, classes);
    return labelled<f64>(kind, labels, at, count, classes);
  }
  if (kind == SMOOTHED_SCCE_LOGITS || kind == SMOOTHED_SCCE) {
    const labels = toDoubles(target, targetType, first, count, targets());
    if (width == 4) return smoothedLabels<f32>(kind, labels, at, count, classes);
    return smoothedLabels<f64>(kind, labels, at, count, classes);
  }
  // Elements: straight from columns of one type, else as doubles.
  const straight = targetType == predictionType && (kind <= SMOOTH_L1 || (count & 7) == 0);
  if (straight && predictionType == F32) return element<f32>(kind, target + (<usize>first << 2), at, count);
  if (straight && predictionType == F64) return element<f64>(kind, target + (<usize>first << 3), at, count);
  const t = toDoubles(target, targetType, first, count, targets());
  const p = toDoubles(prediction, predictionType, first, count, predictions());
  return element<f64>(kind, t, p, kind <= SMOOTH_L1 ? count : (count + 7) & ~7);
}

function element<T>(kind: i32, target: usize, prediction: usize, count: i32): bool {
  if (kind <= SMOOTH_L1) {
    distances<T>(kind, target, prediction, count, parameter(0), losses());
    return true;
  }
  if (kind < BCE) return binaryLogits<T>(kind, target, prediction, count);
  return binaryProbabilities<T>(kind, target, prediction, count);
}
