import { LossflowError } from "@lossflow/core";

/** Where the rows of a column stand in the whole job, so that a refusal can name them. */
export interface Place {
  readonly source: string;
  readonly column: string;
  /** 0-based, over all sources. */
  readonly firstRow: number;
  /** The 1-based line on which a row begins, for text sources. */
  readonly lineOf?: ((row: number) => number) | undefined;
}

/** A short, printable form of a refused value. */
export function formatGot(value: unknown): string {
  const text =
    typeof value === "string" || typeof value === "object" ? JSON.stringify(value) : `${value as number}`;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Builds the refusal of one value: `SOURCE, row 7 (line 9), column "y": WHAT`. `row` is local to `place`. */
export function refusal(
  code: `LF_${string}`,
  place: Place,
  row: number,
  what: string,
  fields: { readonly expected?: string; readonly got?: string } = {},
): LossflowError {
  const line = place.lineOf?.(row);
  const at = place.firstRow + row;
  return new LossflowError(
    code,
    `${place.source}, row ${at}${line === undefined ? "" : ` (line ${line})`}, column ${JSON.stringify(place.column)}: ${what}`,
    { path: place.source, row: at, column: place.column, ...(line === undefined ? {} : { line }), ...fields },
  );
}

/** Builds the refusal of a whole column. */
export function columnRefusal(code: `LF_${string}`, place: Place, what: string): LossflowError {
  return new LossflowError(code, `${place.source}, column ${JSON.stringify(place.column)}: ${what}`, {
    path: place.source,
    column: place.column,
  });
}
