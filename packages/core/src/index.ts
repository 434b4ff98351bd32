export { LossflowError, isLossflowError } from "./error.ts";
export type { ErrorPlace } from "./error.ts";
export type {
  FloatArray,
  Loss,
  LossColumns,
  LossId,
  Numbers,
  Reduction,
  TargetKind,
  WholeLoss,
} from "./loss.ts";
export { ExactSum } from "./sum/exact-sum.ts";
export type { ExactDigits } from "./sum/exact-sum.ts";
