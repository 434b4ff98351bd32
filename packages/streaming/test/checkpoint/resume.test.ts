import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createPool, runningLoss, streamSource, type NodeJobOptions, type Snapshot } from "../../src/node.ts";
import { killLoop } from "./kill-loop.mjs";
import { batchesFromRows, csvFromRows, ipcFromBatches, seededRows } from "../rows.ts";
import { SEED } from "../seeded-random.ts";

const root = mkdtempSync(join(tmpdir(), "lossflow-resume-"));
const pool = createPool({ workers: 2, engine: "js" });
afterAll(async () => {
  await pool.close();
  rmSync(root, { recursive: true });
});

const rows = seededRows(12_000, SEED);
const files = [join(root, "a.csv"), join(root, "b.csv"), join(root, "empty.csv"), join(root, "c.arrow")];
const many = (bytes: Uint8Array, times: number): Buffer =>
  Buffer.concat(Array.from({ length: times }, () => bytes));
const csv = csvFromRows(rows);
const header = csv.indexOf(10) + 1;
writeFileSync(files[0]!, Buffer.concat([csv, many(csv.subarray(header), 12)]));
writeFileSync(files[1]!, csv);
writeFileSync(files[2]!, csv.subarray(0, header));
writeFileSync(files[3]!, ipcFromBatches(batchesFromRows(rows, [700], "plain"), "file"));

const job = { losses: ["mse", "mae"], target: "y", prediction: "p", pool, every: 0 } as const;
const JOBS: Readonly<Record<string, Omit<NodeJobOptions, "checkpoint">>> = {
  plain: job,
  "weighted, grouped, windowed, top": {
    ...job,
    weight: "w",
    by: ["group", "fold"],
    window: { rows: 1700 },
    top: 4,
  },
};

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(root, "case-")), "job.checkpoint");
});

interface Run {
  readonly last: Snapshot | undefined;
  readonly error: unknown;
  readonly snapshots: number;
}

/** Runs a job; after `stopAfter` snapshots it is cancelled. */
async function run(sources: readonly string[], options: NodeJobOptions, stopAfter = Infinity): Promise<Run> {
  const abort = new AbortController();
  let last: Snapshot | undefined;
  let snapshots = 0;
  return new Promise((resolve) => {
    runningLoss(sources, { ...options, signal: abort.signal }).subscribe({
      next(snapshot) {
        last = snapshot;
        if (++snapshots >= stopAfter && !snapshot.done) abort.abort();
      },
      error: (error: unknown) => resolve({ last, error, snapshots }),
      complete: () => resolve({ last, error: undefined, snapshots }),
    });
  });
}

function figures({ last }: Run): string {
  return JSON.stringify([last!.rows, last!.shape, last!.results]);
}

describe.each(Object.entries(JOBS))("a job that is stopped again and again: %s", (_name, options) => {
  test(
    "ends with the bits of one that was not, and takes its checkpoints along",
    { timeout: 60_000 },
    async () => {
      const due = await run(files, options);
      expect(due.last?.done).toBe(true);
      const checkpoint = { path, every: 0 };
      const resumedAt: number[] = [];
      let stopped = 0;
      for (;;) {
        const part = await run(files, { ...options, checkpoint }, 2);
        resumedAt.push(part.last!.progress.checkpoint!.resumedAt);
        if (part.last!.done) {
          expect(part.error).toBeUndefined();
          expect(figures(part)).toBe(figures(due));
          break;
        }
        expect(part.error).toMatchObject({ code: "LF_ABORTED" });
        stopped++;
      }
      expect(stopped).toBeGreaterThan(1);
      expect(resumedAt).toEqual([...new Set(resumedAt)].sort((a, b) => a - b));
      expect(readdirSync(join(path, ".."))).toEqual([]);
    },
  );
});

describe("the checkpoint of another job is refused", () => {
  beforeEach(async () => {
    const { error } = await run(files, { ...job, checkpoint: { path } }, 3);
    expect(error).toMatchObject({ code: "LF_ABORTED" });
    expect(existsSync(path)).toBe(true);
  });

  async function refusal(sources: readonly string[], options: NodeJobOptions): Promise<string> {
    const { error, snapshots } = await run(sources, { ...options, checkpoint: { path } });
    expect(snapshots).toBe(0);
    expect(error).toMatchObject({ code: "LF_CHECKPOINT_DIFFERS" });
    expect(existsSync(path)).toBe(true);
    return (error as Error).message;
  }

  test("by its losses, its columns, its engine", async () => {
    const why = `The checkpoint ${path} is of another job: its losses, columns, options or engine are not those asked for; delete ${found()} to begin anew, or name another.`;
    expect(await refusal(files, { ...job, losses: ["mse"] })).toBe(why);
    expect(await refusal(files, { ...job, target: "p" })).toBe(why);
    const other = createPool({ workers: 0, engine: "wasm-simd" });
    expect(await refusal(files, { ...job, pool: other })).toBe(why);
  });

  test("by its sources", async () => {
    expect(await refusal(files.slice(1), job)).toContain("it has 4 sources, and this one 3");
    const grown = join(root, "grown.csv");
    writeFileSync(grown, readFileSync(files[0]!));
    appendFileSync(grown, "1,1\n");
    expect(await refusal([grown, ...files.slice(1)], job)).toMatch(/had \d+ bytes and has \d+/);
    const changed = readFileSync(files[0]!);
    changed[changed.length - 10]! ^= 1;
    writeFileSync(grown, changed);
    expect(await refusal([grown, ...files.slice(1)], job)).toContain("has changed");
  });

  test("but a copy of its sources under other names is as good", async () => {
    const copy = join(root, "copy.csv");
    writeFileSync(copy, readFileSync(files[0]!));
    const resumed = await run([copy, ...files.slice(1)], { ...job, checkpoint: { path } });
    expect(resumed.last?.progress.checkpoint?.resumedAt).toBeGreaterThan(0);
    expect(figures(resumed)).toBe(figures(await run(files, job)));
  });
});

/** Those that are there, as a refusal tells what to delete. */
function found(): string {
  return readdirSync(join(path, "..")).sort().join(" and ");
}

describe("the checkpoint of another version is refused by its name, with all that is to be deleted", () => {
  const places: readonly (readonly [string, (content: Buffer) => number])[] = [
    ["of its own", () => 4],
    ["of its state", (content) => content.indexOf("LFFS") + 4],
  ];
  test.each(places)("%s", async (_name, place) => {
    const { error } = await run(files, { ...job, checkpoint: { path } }, 3);
    expect(error).toMatchObject({ code: "LF_ABORTED" });
    const content = readFileSync(path).subarray(0, -32);
    content[place(content)]! -= 1;
    const sealed = Buffer.concat([content, createHash("sha256").update(content).digest()]);
    for (const there of [[path, `${path}.previous`], [path], [`${path}.previous`]]) {
      for (const file of [path, `${path}.previous`]) rmSync(file, { force: true });
      for (const file of there) writeFileSync(file, sealed);
      expect((await run(files, { ...job, checkpoint: { path } })).error).toMatchObject({
        code: "LF_CHECKPOINT_VERSION",
        path,
        message: `The checkpoint ${path} is of another version: delete ${there.map((file) => basename(file)).join(" and ")} to begin anew, or go on with the version that wrote it.`,
      });
      expect(there.every((file) => existsSync(file))).toBe(true);
    }
    rmSync(`${path}.previous`);
    expect((await run(files, { ...job, checkpoint: { path } })).last?.done).toBe(true);
  });
});

test("a source that can be read only once is refused before anything is read", async () => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield csv;
  }
  await new Promise<void>((resolve) => {
    runningLoss(streamSource(chunks(), "standard input"), { ...job, checkpoint: { path } }).subscribe({
      error(error: unknown) {
        expect(error).toMatchObject({ code: "LF_BAD_OPTION" });
        expect((error as Error).message).toContain("standard input can be read only once");
        resolve();
      },
    });
  });
});

test.skipIf(!existsSync("/dev/full"))(
  "a job whose checkpoint cannot be written goes on, and says so",
  async () => {
    const due = await run(files, job);
    /** Puts a full disk in the place of the next checkpoint, unless that is being written just now. */
    const fill = (): void => {
      try {
        symlinkSync("/dev/full", `${path}.next`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    };
    fill();
    const failures = new Set<string | null>();
    await new Promise<void>((resolve, reject) => {
      runningLoss(files, { ...job, checkpoint: { path, every: 0 } }).subscribe({
        next({ progress, done, results }) {
          failures.add(progress.checkpoint!.failure);
          fill();
          if (done) expect(JSON.stringify(results)).toBe(JSON.stringify(due.last!.results));
        },
        error: reject,
        complete: resolve,
      });
    });
    expect([...failures].join()).toContain("cannot be written (ENOSPC)");
  },
);

test(
  "a job that is killed at random moments ends with the bits of one that was not",
  { timeout: 60_000 },
  async () => {
    const { killed, resumed, wrong } = await killLoop({ kills: 5, seed: SEED, rows: 2_000_000 });
    expect(wrong).toEqual([]);
    expect(killed).toBeGreaterThanOrEqual(5);
    expect(resumed).toBeGreaterThan(0);
  },
);
