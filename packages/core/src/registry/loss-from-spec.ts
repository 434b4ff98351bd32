import { LossflowError } from "../error.ts";
import { checkNames } from "../input/check-names.ts";
import { textOf } from "../input/refuse.ts";
import type { Loss, LossId } from "../loss.ts";
import { camelCase } from "./camel-case.ts";
import type { LossInfo } from "./loss-info.ts";
import { LOSSES } from "./losses.ts";
import { PRESETS, type Preset } from "./presets.ts";
import { nearestNames } from "./nearest-names.ts";
import { reductionFromLegacy, type LegacyReduction } from "./reduction-from-legacy.ts";

/** A loss by its id and its parameters in snake_case, as JSON, command lines and golden cases have it. */
export interface LossSpec {
  readonly loss: string;
  /** The loss's own parameters, and `reduction`, `per_sample`, `size_average`, `reduce`. Null: the default. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Takes arithmetic, reduction and defaults from a library; `params` still go first. */
  readonly preset?: Preset;
}

/**
 * Makes a loss from its id and parameters; other keys than those of {@link LossSpec} are refused.
 * @throws LF_UNKNOWN_LOSS, naming the nearest ids; LF_BAD_PARAMETER for a parameter the loss does not have, naming
 *   those it has, or that is out of range; LF_UNKNOWN_PRESET, and LF_NOT_IN_PRESET for a loss the library does not have.
 */
export function lossFromSpec(spec: LossSpec): Loss {
  checkNames("lossFromSpec", spec, ["loss", "params", "preset"]);
  const { loss, preset } = spec;
  const params = spec.params ?? {};
  checkNames("params", params, Object.keys(params));
  const base = preset === undefined ? { loss, params: {} } : presetFor(lossInfo(loss).id, preset);
  const info = lossInfo(base.loss);
  const names = info.parameters.map(({ name }) => name);
  const known = [...names, "reduction", "per_sample", "size_average", "reduce"];
  const options: Record<string, unknown> = {};
  for (const [name, value] of [...Object.entries(base.params), ...Object.entries(params)]) {
    checkKnown("LF_BAD_PARAMETER", `${info.id} has no parameter`, name, known);
    if (value === null || value === undefined) continue;
    options[camelCase(name)] = value;
  }
  const { sizeAverage, reduce, reduction, ...own } = options;
  const legacy = reductionFromLegacy({ sizeAverage, reduce } as LegacyReduction, info.id);
  return info.create({ ...own, reduction: legacy ?? reduction });
}

/** Looks a loss up by its id. @throws LF_UNKNOWN_LOSS, naming the nearest ids. */
export function lossInfo(id: string): LossInfo {
  const ids: readonly string[] = LOSSES.map((entry) => entry.id);
  checkKnown("LF_UNKNOWN_LOSS", "There is no loss", id, ids);
  return LOSSES[ids.indexOf(id)]!;
}

function presetFor(loss: LossId, preset: Preset): Required<Omit<LossSpec, "preset">> {
  checkKnown("LF_UNKNOWN_PRESET", "There is no preset", preset, Object.keys(PRESETS));
  const { losses, ...common } = PRESETS[preset];
  checkKnown("LF_NOT_IN_PRESET", `${preset} has no loss`, loss, Object.keys(losses));
  const own = losses[loss]!;
  return { loss: own.loss ?? loss, params: { ...common, ...own.params } };
}

function checkKnown(code: `LF_${string}`, what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const got = textOf(name);
  const near = nearestNames(name, known);
  const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : `there are ${known.join(", ")}.`;
  throw new LossflowError(code, `${what} "${got}": ${hint}`, { got });
}
