import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { createPool, runningLoss } from "../../src/node.ts";

const root = mkdtempSync(join(tmpdir(), "lossflow-folder-"));
const pool = createPool({ workers: 1 });
afterAll(async () => {
  await pool.close();
  rmSync(root, { recursive: true });
});
const job = { losses: ["mae"], target: "y", prediction: "p", top: 9, pool };

test("a folder is all files below it, numbers in names by their value", async () => {
  const folder = join(root, "tables");
  mkdirSync(join(folder, "day=2"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  const files = ["part-2.csv", "part-10.csv", "day=2/a.csv", "_SUCCESS", ".part-2.csv.crc"];
  for (const [i, file] of files.entries())
    writeFileSync(join(folder, file), /^[._]/.test(file) ? "no table" : `y,p\n0,${i + 1}\n`);
  const { rows, results } = await lastValueFrom(runningLoss(folder, job));
  expect(rows).toBe(3);
  expect(
    results[0]!.top!.map(({ row, source, loss }) => [row, source.slice(folder.length + 1), loss]),
  ).toEqual([
    [0, "day=2/a.csv", 3],
    [2, "part-10.csv", 2],
    [1, "part-2.csv", 1],
  ]);
});

test("an address of what is not read is no path", async () => {
  for (const address of ["s3://bucket/table.parquet", "file:///table.csv"]) {
    await expect(lastValueFrom(runningLoss(address, job))).rejects.toMatchObject({
      code: "LF_BAD_OPTION",
      message: `"${address}" is no address of http or https; give one such as https://host/table.parquet.`,
    });
  }
});

test("a folder without files, and a path that is not there, are refused when the job runs", async () => {
  const empty = join(root, "nothing");
  mkdirSync(empty);
  await expect(lastValueFrom(runningLoss(empty, job))).rejects.toMatchObject({ code: "LF_NOT_FOUND" });
  await expect(lastValueFrom(runningLoss(join(root, "gone"), job))).rejects.toMatchObject({
    code: "LF_NOT_FOUND",
  });
});
