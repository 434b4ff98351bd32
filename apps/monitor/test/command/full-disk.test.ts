import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMAND } from "./lossflow.ts";

const FULL = "/dev/full";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-full-"));
  writeFileSync(join(folder, "run.jsonl"), '{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.25}\n');
  writeFileSync(join(folder, "table.csv"), "t,p\n1,2\n3,4\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test
  .skipIf(!existsSync(FULL))
  .each([
    [["summary", "run.jsonl", "--json"]],
    [["summary", "run.jsonl"]],
    [["check", "run.jsonl"]],
    [["export", "run.jsonl"]],
    [["export", "run.jsonl", "--to", "parquet"]],
    [["backtest", "run.jsonl"]],
    [["watch", "run.jsonl", "--json"]],
    [["eval", "table.csv", "--loss", "mse", "--target", "t", "--prediction", "p"]],
  ])(
  "%j on a full disk is one sentence and exit code 1",
  (args) => {
    const full = openSync(FULL, "w");
    try {
      const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
        cwd: folder,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      expect(stderr).toMatch(/^lossflow: standard output cannot be written to: ENOSPC[^\n]*\.\n$/);
      expect(status).toBe(1);
    } finally {
      closeSync(full);
    }
  },
  30_000,
);
