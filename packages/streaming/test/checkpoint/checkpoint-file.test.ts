import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { bytesFromCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { checkpointFile } from "../../src/checkpoint/checkpoint-file.node.ts";

const root = mkdtempSync(join(tmpdir(), "lossflow-checkpoint-"));
afterAll(() => rmSync(root, { recursive: true }));

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(root, "case-")), "job.checkpoint");
});

function checkpointOf(rows: number): Uint8Array {
  const state = new Uint8Array(40).fill(rows);
  const head = { plan: "{}", sourceCount: 1, sources: [], rows, rowsInSource: rows, quarantined: [] };
  return bytesFromCheckpoint({ ...head, state });
}

async function loaded(): Promise<number | string | null> {
  try {
    const bytes = await checkpointFile(path).load();
    return bytes === null ? null : bytes.at(-1)!;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("the newest whole checkpoint is the one that is given, whatever byte of it is changed or missing", async () => {
  expect(await loaded()).toBeNull();
  const store = checkpointFile(path);
  await store.save(checkpointOf(1));
  await store.save(checkpointOf(2));
  expect(await loaded()).toBe(2);
  expect(readdirSync(join(path, "..")).sort()).toEqual(["job.checkpoint", "job.checkpoint.previous"]);
  const good = readFileSync(path);
  for (let at = 4; at < good.length; at++) {
    const bad = Uint8Array.from(good);
    bad[at]! ^= 1;
    writeFileSync(path, bad);
    expect([at, await loaded()]).toEqual([at, 1]);
  }
  for (let length = 0; length < good.length; length++) {
    if (length > 0 && length < 4) continue;
    writeFileSync(path, good.subarray(0, length));
    expect([length, await loaded()]).toEqual([length, 1]);
  }
});

test("a torn checkpoint does not take the place of the whole one before it", async () => {
  await checkpointFile(path).save(checkpointOf(1));
  const store = checkpointFile(path);
  await store.load();
  await store.save(checkpointOf(2));
  writeFileSync(path, readFileSync(path).subarray(0, 50));
  const resumed = checkpointFile(path);
  expect((await resumed.load())!.at(-1)).toBe(1);
  await resumed.save(checkpointOf(3));
  writeFileSync(path, readFileSync(path).subarray(0, 50));
  expect(await loaded()).toBe(1);
});

test("a process that died between its two renames has the one before", async () => {
  const store = checkpointFile(path);
  await store.save(checkpointOf(1));
  await store.save(checkpointOf(2));
  rmSync(path);
  expect(await loaded()).toBe(1);
});

test("two damaged ones are refused, and a file of somebody else's is left alone", async () => {
  const store = checkpointFile(path);
  await store.save(checkpointOf(1));
  await store.save(checkpointOf(2));
  for (const file of [path, `${path}.previous`]) writeFileSync(file, readFileSync(file).subarray(0, 30));
  expect(await loaded()).toBe("LF_CHECKPOINT_DAMAGED");
  await expect(store.load()).rejects.toThrow(
    "delete job.checkpoint and job.checkpoint.previous to begin anew",
  );
  rmSync(`${path}.previous`);
  await expect(store.load()).rejects.toThrow("delete job.checkpoint to begin anew");
  writeFileSync(path, "a table,of mine\n");
  expect(await loaded()).toBe("LF_CHECKPOINT_UNKNOWN");
  expect(readFileSync(path, "utf8")).toBe("a table,of mine\n");
});

// It was called a damaged checkpoint, to be deleted.
test("a file of somebody else's where the one before would stand is left alone too", async () => {
  writeFileSync(`${path}.previous`, "a table,of mine\n");
  await expect(checkpointFile(path).load()).rejects.toMatchObject({
    code: "LF_CHECKPOINT_UNKNOWN",
    message: `${path}.previous is no checkpoint and is left as it is; name another file for the checkpoint.`,
  });
});

test("a folder that is not there is refused before the work begins", async () => {
  path = join(path, "..", "nowhere", "job.checkpoint");
  expect(await loaded()).toBe("LF_CHECKPOINT_UNWRITABLE");
});

test.skipIf(!existsSync("/dev/full"))("a full disk keeps the checkpoint before, and says so", async () => {
  const store = checkpointFile(path);
  await store.save(checkpointOf(1));
  symlinkSync("/dev/full", `${path}.next`);
  await expect(store.save(checkpointOf(2))).rejects.toMatchObject({
    code: "LF_CHECKPOINT_UNWRITABLE",
    message: `The checkpoint ${path} cannot be written (ENOSPC); the one before it is kept.`,
  });
  expect(await loaded()).toBe(1);
  // There is room again.
  await store.save(checkpointOf(3));
  expect(await loaded()).toBe(3);
  await store.clear();
  expect(readdirSync(join(path, ".."))).toEqual([]);
});
