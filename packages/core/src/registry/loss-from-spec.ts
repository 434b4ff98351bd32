import { LossflowError } from "../error.ts";
import type { Loss, LossId } from "../loss.ts";
import { checkParameter } from "../losses/check-parameter.ts";
import type { LossInfo } from "./loss-info.ts";
import { LOSSES } from "./losses.ts";
import { nearestNames } from "./nearest-names.ts";
import { reductionFromLegacy } from "./reduction-from-legacy.ts";

/** A loss by its id and its parameters in snake_case, as JSON, command lines and golden cases have it. */
export interface LossSpec {
  readonly loss: string;
  /** The loss's own parameters, and `reduction`, `per_sample`, `size_average`, `reduce`. Null: the default. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * Makes a loss from its id and parameters.
 * @throws LF_UNKNOWN_LOSS, naming the nearest ids; LF_BAD_PARAMETER for a parameter the loss does not have, naming
 *   those it has, or that is out of range.
 */
export function lossFromSpec({ loss, params = {} }: LossSpec): Loss {
  const info = lossInfo(loss);
  const options: Record<string, unknown> = {};
  const known = [...info.parameters.map((parameter) => parameter.name), ...COMMON];
  for (const [name, value] of Object.entries(params)) {
    if (!known.includes(name) || (name === "per_sample" && info.unit === "row"))
      throw unknownParameter(info.id, name, known);
    if (value !== null && value !== undefined && !LEGACY.includes(name)) options[camelCase(name)] = value;
  }
  const { size_average: sizeAverage, reduce } = params;
  for (const [name, flag] of Object.entries({
    size_average: sizeAverage,
    reduce,
    per_sample: params["per_sample"],
  })) {
    checkParameter(
      flag === undefined || flag === null || typeof flag === "boolean",
      info.id,
      name,
      flag,
      "true or false",
    );
  }
  const legacy = reductionFromLegacy({
    sizeAverage: sizeAverage as boolean | null,
    reduce: reduce as boolean | null,
  });
  if (legacy !== null) options["reduction"] = legacy;
  return info.create(options);
}

/** Looks a loss up by its id. @throws LF_UNKNOWN_LOSS, naming the nearest ids. */
export function lossInfo(id: string): LossInfo {
  const info = LOSSES.find((entry) => entry.id === id);
  if (info !== undefined) return info;
  const ids = LOSSES.map((entry) => entry.id);
  const near = nearestNames(id, ids);
  const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : `there are ${ids.join(", ")}.`;
  throw new LossflowError("LF_UNKNOWN_LOSS", `There is no loss "${id}": ${hint}`, { got: id });
}

const LEGACY = ["size_average", "reduce"];
const COMMON = ["reduction", "per_sample", ...LEGACY];

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function unknownParameter(loss: LossId, name: string, known: readonly string[]): LossflowError {
  const near = nearestNames(name, known, 1)[0];
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return new LossflowError(
    "LF_BAD_PARAMETER",
    `${loss} has no parameter "${name}"; it takes ${known.join(", ")}.${hint}`,
    {
      got: name,
    },
  );
}
