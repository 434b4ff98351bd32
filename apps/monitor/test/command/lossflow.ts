import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built command. */
export const COMMAND: string = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** What a command left behind. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command without a terminal. */
export function startLossflow(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd: string = process.cwd(),
): ChildProcessWithoutNullStreams {
  if (!existsSync(COMMAND))
    throw new Error("These tests run the built command: build first (npm test does).");
  return spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...process.env, ...env } });
}

/** Runs the built command to its end, with `input` on its standard input. */
export async function lossflow(args: readonly string[], input = "", cwd?: string): Promise<Outcome> {
  const child = startLossflow(args, {}, cwd);
  const outcome = outcomeOf(child);
  // A command that is refused ends without reading.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return outcome;
}

/** Waits for a started command to end. */
export async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
