import { isLossflowError, LossflowError, type ErrorPlace } from "@lossflow/core";

/** An error as plain data, since a worker boundary drops every field of an Error but its message. */
export interface ErrorData {
  readonly code: `LF_${string}`;
  readonly message: string;
  readonly place: ErrorPlace;
}

/** Turns what was thrown into data. A fault without a code becomes LF_INTERNAL. */
export function dataFromError(error: unknown): ErrorData {
  if (isLossflowError(error)) {
    const { code, message, path, line, row, column, expected, got } = error;
    const place = Object.fromEntries(
      Object.entries({ path, line, row, column, expected, got }).filter(([, value]) => value !== undefined),
    );
    return { code, message, place };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "LF_INTERNAL", message: `An internal fault: ${message}`, place: {} };
}

/** Turns the data back into an error. */
export function errorFromData(data: ErrorData): LossflowError {
  return new LossflowError(data.code, data.message, data.place);
}
