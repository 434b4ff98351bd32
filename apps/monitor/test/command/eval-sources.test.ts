import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow, outcomeOf, startLossflow } from "./lossflow.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-eval-checkpoint-"));
  const lines = Array.from({ length: 50_000 }, (_, i) => `${Math.sin(i)},${Math.cos(7 * i)}\n`).join("");
  writeFileSync(join(folder, "table.csv"), `t,p\n${lines.repeat(40)}`);
  writeFileSync(join(folder, "other.csv"), `t,p\n${lines}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const JOB = ["--loss", "mse", "--target", "t", "--prediction", "p", "--workers", "1", "--engine", "js"];
const CHECKPOINT = ["--checkpoint", "job.checkpoint"];
const EVERY = ["--checkpoint-every", "0"];

function figuresOf(stdout: string): unknown {
  const { elapsedMs: _elapsed, ...figures } = JSON.parse(stdout) as Record<string, unknown>;
  return figures;
}

/** When the checkpoint was written last; 0 where there is none. */
function written(): number {
  return statSync(join(folder, "job.checkpoint"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

test("a stopped evaluation keeps a checkpoint, and the same command goes on from it to the same figures", async () => {
  const due = await lossflow(["eval", "table.csv", ...JOB, "--json"], "", folder);
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const before = written();
    const child = startLossflow(["eval", "table.csv", ...JOB, ...CHECKPOINT, ...EVERY, "--json"], {}, folder);
    const outcome = outcomeOf(child);
    // Once it has written a checkpoint it is in its midst.
    await expect.poll(written, { timeout: 20_000, interval: 5 }).not.toBe(before);
    child.kill(signal);
    expect(await outcome).toMatchObject({ exitCode, stdout: "" });
    expect(existsSync(join(folder, "job.checkpoint"))).toBe(true);
  }

  const differs = await lossflow(["eval", "other.csv", ...JOB, ...CHECKPOINT], "", folder);
  expect(differs).toMatchObject({ exitCode: 2, stdout: "" });
  expect(differs.stderr).toMatch(
    /^lossflow: The checkpoint job\.checkpoint is of another job: other\.csv had \d+ bytes and has \d+; delete job\.checkpoint( and job\.checkpoint\.previous)? to begin anew, or name another\.\n$/,
  );

  const resumed = await lossflow(["eval", "table.csv", ...JOB, ...CHECKPOINT, "--json"], "", folder);
  expect(resumed.stderr).toMatch(/^lossflow: goes on at row \d+, from job\.checkpoint\n$/);
  expect(figuresOf(resumed.stdout)).toEqual(figuresOf(due.stdout));
  expect(existsSync(join(folder, "job.checkpoint"))).toBe(false);
}, 60_000);

test("what a checkpoint is of no use for is refused with exit code 2", async () => {
  const input = await lossflow(["eval", "-", ...JOB, ...CHECKPOINT], "t,p\n1,2\n", folder);
  expect(input).toMatchObject({ exitCode: 2, stdout: "" });
  expect(input.stderr).toContain("standard input can be read only once");
  const nowhere = await lossflow(["eval", "other.csv", ...JOB, "--checkpoint", "no/where"], "", folder);
  expect(nowhere).toMatchObject({ exitCode: 2, stdout: "" });
  expect(nowhere.stderr).toMatch(/^lossflow: The checkpoint no\/where cannot be written \(ENOENT\)[^\n]*\n$/);
  const alone = await lossflow(["eval", "other.csv", ...JOB, ...EVERY], "", folder);
  expect(alone).toMatchObject({
    exitCode: 2,
    stderr: "lossflow: --checkpoint-every needs --checkpoint FILE.\n",
  });
});

test("a quarantine that has nothing to hold says so", async () => {
  const { exitCode, stdout } = await lossflow(
    ["eval", "other.csv", ...JOB, "--quarantine", "--json"],
    "",
    folder,
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ rows: 50_000, quarantined: [] });
});

test("a folder and an address are sources", async () => {
  const tables = join(folder, "tables");
  mkdirSync(tables);
  writeFileSync(join(tables, "part-2.csv"), "t,p\n1,2\n");
  writeFileSync(join(tables, "part-10.csv"), "t,p\n1,5\n");
  const { stdout } = await lossflow(["eval", tables, ...JOB, "--top", "2", "--json"], "", folder);
  const { results } = JSON.parse(stdout) as {
    results: readonly { top: readonly { loss: number; row: number }[] }[];
  };
  expect(results[0]!.top.map(({ loss, row }) => [row, loss])).toEqual([
    [1, 16],
    [0, 1],
  ]);
  const server = createServer((_request, response) => response.end("t,p\n1,4\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const served = await lossflow(["eval", `http://127.0.0.1:${port}/t.csv?v=1`, ...JOB, "--json"], "", folder);
  server.closeAllConnections();
  server.close();
  expect(JSON.parse(served.stdout)).toMatchObject({ rows: 1, results: [{ mean: 9 }] });
  const elsewhere = await lossflow(["eval", "s3://bucket/*.parquet", ...JOB], "", folder);
  expect(elsewhere.stderr).toMatch(
    /^lossflow: "s3:\/\/bucket\/\*\.parquet" is no address of http or https; /,
  );
});
