import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOAK = fileURLToPath(new URL("../../scripts/soak.mjs", import.meta.url));

// Two minutes of it run in .ci/run.
test("twenty logs that grow by 5,000 lines a second each come to the page whole", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SOAK, "5"], { encoding: "utf8" });
  expect(stdout).toMatch(/500,000 lines written\nlost 0, runs with a wrong sum 0\n/);
  expect(stdout).toMatch(
    /delay to the page \d+ ms median, \d+ ms at the 95th percentile, \d+ ms longest, of \d+/,
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
}, 90_000);
