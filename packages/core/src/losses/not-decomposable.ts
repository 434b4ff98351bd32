import { refuse } from "../input/refuse.ts";

/** Says that a loss has no value for one row. @throws LF_NOT_DECOMPOSABLE on being called. */
export function notDecomposable(loss: string): () => never {
  return () =>
    refuse("LF_NOT_DECOMPOSABLE", "loss of single rows", loss, "decomposable; else read its whole");
}
