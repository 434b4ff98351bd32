import { isLossflowError, LossflowError } from "@lossflow/core";

/** Names the source in a refusal that does not say where it comes from; anything else is given back as it is. */
export function namedRefusal(error: unknown, source: string): unknown {
  if (!isLossflowError(error) || error.path !== undefined) return error;
  const { code, message, row, line, column, expected, got } = error;
  const known = Object.entries({ row, line, column, expected, got }).filter(
    ([, value]) => value !== undefined,
  );
  return new LossflowError(
    code,
    `${source}: ${message}`,
    { path: source, ...Object.fromEntries(known) },
    { cause: error },
  );
}
