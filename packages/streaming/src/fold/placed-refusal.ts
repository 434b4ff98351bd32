import { isLossflowError, type LossflowError } from "@lossflow/core";
import { formatGot, refusal } from "../columns/place.ts";
import type { SegmentReader } from "./segment-reader.ts";
import type { Units } from "./units.ts";

/**
 * Gives the refusal of a loss its place in the table: the loss counts the units that it was given, the person counts
 * the rows of all sources. Anything else that was thrown is given back as it is.
 */
export function placedRefusal(error: unknown, units: Units, reader: SegmentReader): unknown {
  if (!isLossflowError(error) || error.row === undefined) return error;
  const unit = units.kept === null ? error.row : units.kept[error.row]!;
  const row = Math.floor(unit / units.perRow);
  const element =
    units.perRow > 1
      ? unit - row * units.perRow
      : typeof error.column === "number"
        ? error.column
        : undefined;
  const place = reader.place(roleOf(error), element);
  const { expected, got } = error;
  const where = element === undefined ? "" : ` (element ${element})`;
  const named = error.code === "LF_LABEL_OUT_OF_RANGE" ? reader.className(Number(got)) : undefined;
  const sentence =
    expected === undefined || got === undefined
      ? error.message
      : named === undefined
        ? `${got}${where} is refused; it must be ${expected}.`
        : `${formatGot(named)} is class ${got} as named, and a label must be ${expected}; name as many classes as the predictions have.`;
  return refusal(error.code, place, row, sentence, {
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
  });
}

/** Which column a refusal of core speaks of: its sentence begins with the role. */
function roleOf(error: LossflowError): "target" | "prediction" | "variance" {
  if (/^The (prediction|probabilit)/.test(error.message)) return "prediction";
  return error.message.startsWith("The variance") ? "variance" : "target";
}

/** The refusal of the earliest row; of those of one row, and of those without a row, the first. */
export function firstRefusal(errors: readonly unknown[]): unknown {
  const rowOf = (error: unknown): number => (isLossflowError(error) ? (error.row ?? -1) : -1);
  return errors.reduce((first, error) => (rowOf(error) < rowOf(first) ? error : first));
}
