import type { Loss, LossId, TargetKind } from "../loss.ts";
import type { ParameterInfo } from "./parameter-info.ts";

/** What there is to know of a loss without using it; {@link LOSSES} lists them, `@lossflow/core/texts` describes them. */
export interface LossInfo {
  readonly id: LossId;
  /** The exported function that makes it. */
  readonly factory: string;
  readonly unit: "element" | "row";
  readonly target: TargetKind;
  /** Under its default parameters: see {@link Loss.decomposable}. */
  readonly decomposable: boolean;
  /** All but the reduction, which every loss takes. */
  readonly parameters: readonly ParameterInfo[];
  /** Makes the loss from camelCase options. @throws LF_BAD_PARAMETER. */
  create(options: Readonly<Record<string, unknown>>): Loss;
}
