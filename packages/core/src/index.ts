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
export * as RunningLoss from "./state/running-loss.ts";
export type { AddArrayOptions } from "./state/add-losses.ts";
export type { AddPartsOptions } from "./state/add-parts.ts";
export type { Count } from "./state/count.ts";
export type { NanPolicy, RunningLossOptions, RunningLossState } from "./state/running-loss-state.ts";
export type { RunningLossValue, RunningReduction, Spread } from "./state/state-value.ts";
