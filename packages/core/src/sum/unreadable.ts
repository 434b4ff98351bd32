import { LossflowError } from "../error.ts";

/** The refusal of bytes that cannot be read: `why` says what they are. */
export function unreadable(code: `LF_${string}`, why: string): LossflowError {
  return new LossflowError(code, `These bytes are ${why}: give what toBytes wrote.`);
}
