import { escapeText } from "../format/escape-text.ts";
import type { Context } from "./context.ts";

/** Says one sentence on standard error, safe to show whatever a log or a name holds. */
export function say(context: Pick<Context, "stderr">, sentence: string): void {
  context.stderr.write(`lossflow: ${escapeText(sentence)}\n`);
}
