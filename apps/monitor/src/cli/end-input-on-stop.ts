import type { Context } from "./context.ts";

/** Lets go of standard input when the command is asked to end, if it is one of the sources: its writer may never end. */
export function endInputOnStop(context: Context, sources: readonly string[]): void {
  if (!sources.includes("-")) return;
  context.signal.addEventListener("abort", () => context.stdin.destroy(), { once: true });
}
