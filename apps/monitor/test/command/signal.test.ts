import { once } from "node:events";
import { expect, test } from "vitest";
import { outcomeOf, startLossflow } from "./lossflow.ts";

/** More than a pipe holds, so that a command that has taken it is reading. */
const POINTS = '{"step": 1, "loss": 2, "t": 1, "p": 2}\n'.repeat(30_000);

test.concurrent.each([
  [["summary", "-"], "SIGINT", 130],
  [["explain", "-"], "SIGTERM", 143],
  [["check", "-"], "SIGTERM", 143],
  [["watch", "-", "--once", "--json"], "SIGINT", 130],
  [["compare", "-", "-"], "SIGTERM", 143],
  [["backtest", "-"], "SIGINT", 130],
  [["export", "-", "--state"], "SIGTERM", 143],
  [["export", "-", "--loss", "mse", "--target", "t", "--prediction", "p", "--state"], "SIGINT", 130],
  [["eval", "-", "--loss", "mse", "--target", "t", "--prediction", "p"], "SIGINT", 130],
] as const)(
  "%j ends without a word at %s, its input still open",
  async (args, signal, exitCode) => {
    const child = startLossflow(args);
    const outcome = outcomeOf(child);
    if (!child.stdin.write(POINTS)) await once(child.stdin, "drain");
    child.stdin.on("error", () => undefined);
    child.kill(signal);
    expect(await outcome).toEqual({ exitCode, stdout: "", stderr: "" });
  },
  30_000,
);
