import { LossflowError } from "../error.ts";

/** Refuses bytes that cannot be read: `why` says what they are. @throws `code`. */
export function unreadable(code: `LF_${string}`, why: string): never {
  throw new LossflowError(code, `These bytes are ${why}: give what toBytes wrote.`);
}
