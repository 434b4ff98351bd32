import { spawn } from "node:child_process";
import type { Context } from "./context.ts";
import { say } from "./say.ts";

/** Milliseconds that a command may take before it is ended. */
const DEADLINE = 60_000;

/**
 * Runs `--on-alert` through the shell, `event` as one line on its standard input, and waits for it. What it
 * prints goes to standard error. A command that fails, or takes over a minute, is told of and changes nothing else.
 */
export async function runAlertCommand(context: Context, command: string, event: string): Promise<void> {
  const failure = await new Promise<string | null>((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ["pipe", context.stderr, context.stderr],
      timeout: DEADLINE,
      signal: context.signal,
    });
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? null : `it ended with ${code ?? signal}`));
    // A command need not read its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${event}\n`);
  });
  if (failure !== null) say(context, `The command of --on-alert failed: ${failure}.`);
}
