import { LossflowError } from "@lossflow/core";

/** Refuses a parameter in one sentence: what it is, and what was given. @throws LF_BAD_PARAMETER. */
export function refuseParameter(sentence: string, given: unknown): never {
  const got = typeof given === "number" || given === null ? String(given) : typeof given;
  throw new LossflowError("LF_BAD_PARAMETER", `${sentence}; got ${got}.`, { got });
}
