import { isLossflowError, type ErrorPlace } from "@lossflow/core";

/** The code of the refusal, its place, and the sentence. */
export function refusal(run: () => unknown): {
  code: string;
  row: unknown;
  column: unknown;
  message: string;
} {
  try {
    run();
  } catch (error) {
    if (!isLossflowError(error)) throw error;
    const { code, message, row, column } = error as Error & { code: string } & ErrorPlace;
    return { code, row, column, message };
  }
  throw new Error("was not refused");
}
