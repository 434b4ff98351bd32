import type { Loss, LossId, TargetKind } from "../loss.ts";
import type { ParameterInfo } from "./parameter-info.ts";

/** What there is to know of a loss without using it; {@link LOSSES} lists them. */
export interface LossInfo {
  readonly id: LossId;
  /** The exported function that makes it. */
  readonly factory: string;
  /** t the target, p a probability, x any other prediction, d = x - t, C the number of classes. */
  readonly formula: string;
  readonly unit: "element" | "row";
  readonly target: TargetKind;
  /** Under its default parameters: see {@link Loss.decomposable}. */
  readonly decomposable: boolean;
  /** All but the reduction, which every loss takes. */
  readonly parameters: readonly ParameterInfo[];
  /** Makes the loss from camelCase options. @throws LF_BAD_PARAMETER. */
  create(options: Readonly<Record<string, unknown>>): Loss;
}
