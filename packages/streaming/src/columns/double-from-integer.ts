import { formatGot, refusal, type Place } from "./place.ts";

/** Gives an integer as the double that equals it. @throws LF_INTEGER_NOT_EXACT with the row, where none does. */
export function doubleFromInteger(value: bigint, place: Place, row: number): number {
  const near = Number(value);
  if (Number.isFinite(near) && BigInt(near) === value) return near;
  throw refusal(
    "LF_INTEGER_NOT_EXACT",
    place,
    row,
    `the integer ${formatGot(value)} has no exact double; give it as a float where rounding will do.`,
    { got: formatGot(value) },
  );
}
