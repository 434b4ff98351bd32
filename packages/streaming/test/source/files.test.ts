import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { lastValueFrom, Observable } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { fileSource } from "../../src/source/file-source.ts";
import type { TableSource } from "../../src/source/table-source.ts";
import { figuresOf } from "../figures-of.ts";
import { SEED, seededRandom } from "../seeded-random.ts";
import { hasSharedData, sharedFiles } from "../shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "lossflow-files-"));
const inThread = createPool({ workers: 0 });
const two = createPool({ workers: 2 });
afterAll(async () => {
  await two.close();
  rmSync(folder, { recursive: true });
});

const ROWS = 1_300_000;
const random = seededRandom(SEED);
const numbers = () => Float32Array.from({ length: ROWS }, () => random() * 2 ** (40 * random()));
const y = numbers();
const p = numbers();
p[700_000] = NaN;
p[1_200_000] = Infinity;
p[900_001] = 2 ** 90;
const path = join(folder, "pieces.arrow");
writeFileSync(path, tableToIPC(tableFromArrays({ y, p }), "file"));
const job = { losses: ["mse", "huber"], target: "y", prediction: "p" };

test("a long batch that workers read in pieces has the figures of the bytes in memory", async () => {
  const due = await figuresOf(new Uint8Array(readFileSync(path)), { ...job, pool: inThread });
  expect(due).toContain('"nan":1,"posInf":1');
  expect(await figuresOf(fileSource(path), { ...job, pool: two })).toBe(due);
  expect(await figuresOf(fileSource(path), { ...job, pool: inThread })).toBe(due);
  const top = { ...job, top: 3, window: { rows: 400_000 } };
  const rows = await figuresOf(new Uint8Array(readFileSync(path)), { ...top, pool: inThread });
  expect(rows).toContain('"row":900001');
  expect(await figuresOf(fileSource(path), { ...top, pool: two })).toBe(rows);
});

test("a value that is refused far into a task is refused with its row", async () => {
  const labels = { ...job, losses: ["mse", "bce"] };
  const small = new Float32Array(ROWS).fill(0.25);
  small[1_100_000] = 1.5;
  const refused = join(folder, "refused.arrow");
  writeFileSync(refused, tableToIPC(tableFromArrays({ y: new Float32Array(ROWS), p: small }), "file"));
  const outcome = await figuresOf(fileSource(refused), { ...labels, pool: two });
  expect(outcome).toBe("LF_PROBABILITY_OUT_OF_RANGE row 1100000 column p");
});

test.each([
  ["CSV", "y,p\n", "0.5,0.25\n"],
  ["JSONL", "", '{"y":0.5,"p":0.25}\n'],
])(
  "%s that is cut while it is read is refused, where it ends with a whole line too",
  async (_, head, line) => {
    const cut = join(folder, "cut.txt");
    const whole = head + line.repeat(300_000);
    for (const left of [100_000, 0]) {
      writeFileSync(cut, whole);
      const source = fileSource(cut);
      const cutOnceOpen: TableSource = {
        name: cut,
        async open(signal) {
          const table = await source.open(signal);
          truncateSync(cut, head.length + left * line.length);
          return table;
        },
      };
      const message = `${cut} has changed while it was read: it had ${whole.length} bytes and ends after ${head.length + left * line.length}; run again to read it as it is now.`;
      const figures = lastValueFrom(runningLoss(cutOnceOpen, { ...job, pool: inThread }));
      await expect(figures).rejects.toMatchObject({ code: "LF_SOURCE_CHANGED", message });
    }
  },
);

test("a file that is cut while it is read is refused as truncated", async () => {
  const cut = join(folder, "cut.arrow");
  writeFileSync(cut, readFileSync(path));
  const source = fileSource(cut);
  const cutOnceOpen: TableSource = {
    name: source.name,
    async open() {
      const table = await source.open();
      truncateSync(cut, 2_000_000);
      return table;
    },
  };
  expect(await figuresOf(cutOnceOpen, { ...job, pool: two })).toMatch(/^LF_TRUNCATED/);
});

test("many files are read one after the other without one's bytes being taken for another's", async () => {
  const paths = Array.from({ length: 30 }, (_, i) => {
    const one = join(folder, `part-${i}.arrow`);
    writeFileSync(
      one,
      tableToIPC(tableFromArrays({ y: new Float32Array(500), p: new Float32Array(500).fill(i) })),
    );
    return one;
  });
  const due = Array.from({ length: 30 }, (_, i) => i * i).reduce((a, b) => a + b) / 30;
  const figures = await figuresOf(
    paths.map((one) => fileSource(one)),
    { ...job, losses: ["mse"], pool: two },
  );
  expect(figures).toContain(`"mean":${due}`);
});

test("what runningLoss gives is an Observable of RxJS", () => {
  expect(runningLoss(fileSource(path), { ...job, pool: two })).toBeInstanceOf(Observable);
});

const READABLE = [...sharedFiles("arrow_golden"), ...sharedFiles("arrow_tables")].filter(
  ({ expected, name }) => expected["readable"] === true && !name.includes("duplicate_fieldnames"),
);

describe.runIf(hasSharedData)("a file on disk has the figures of its bytes in memory", () => {
  test.each(READABLE)("$name", async ({ path, bytes, expected }) => {
    for (const name of Object.keys(expected["columns"] as object)) {
      const columns = { losses: ["mse"], target: name, prediction: name, by: name, pool: two };
      const due = await figuresOf(bytes, columns);
      expect(`${name}: ${await figuresOf(fileSource(path), columns)}`).toBe(`${name}: ${due}`);
    }
  });
});
