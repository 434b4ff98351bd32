import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Context } from "../../src/cli/context.ts";
import { endInputOnStop } from "../../src/cli/end-input-on-stop.ts";
import { runExplain } from "../../src/commands/explain-command.ts";

function contextWith(stdin: PassThrough, signal: AbortSignal): Context {
  const { stdout, stderr } = process;
  return { stdin: stdin as unknown as NodeJS.ReadStream, stdout, stderr, env: {}, signal };
}

test("standard input is let go of where it is a source, and only then", () => {
  for (const [sources, isEnded] of [
    [["run.log", "-"], true],
    [["run.log"], false],
  ] as const) {
    const stdin = new PassThrough();
    const stop = new AbortController();
    endInputOnStop(contextWith(stdin, stop.signal), sources);
    expect(stdin.destroyed).toBe(false);
    stop.abort({ kind: "signal", exitCode: 130 });
    expect(stdin.destroyed).toBe(isEnded);
  }
});

test("explain ends while its input is still open", async () => {
  const stdin = new PassThrough();
  const stop = new AbortController();
  const explained = runExplain(contextWith(stdin, stop.signal), ["-"], {});
  stdin.write('{"step": 1, "loss": 2}\n', () => stop.abort({ kind: "signal", exitCode: 130 }));
  await expect(explained).rejects.toThrow(/premature close/i);
}, 15_000);
