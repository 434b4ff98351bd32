import { isLossflowError } from "@lossflow/core";
import { describe, expect, test } from "vitest";
import { readFooter } from "../../src/arrow/footer.ts";
import { memoryBytes } from "../../src/source/memory-bytes.ts";
import { hasSharedData, sharedFiles } from "../shared-data.ts";
import { batchesFromRows, ipcFromBatches, seededRows } from "../rows.ts";
import { SEED, seededRandom } from "../seeded-random.ts";
import { readTable } from "../read-table.ts";

const rows = seededRows(70, SEED);
const FILES: Readonly<Record<string, Uint8Array>> = {
  "a file": ipcFromBatches(batchesFromRows(rows, [23], "plain"), "file"),
  "a stream with replaced dictionaries": ipcFromBatches(batchesFromRows(rows, [31]), "stream"),
  ...(hasSharedData
    ? Object.fromEntries(
        [...sharedFiles("arrow_golden"), ...sharedFiles("parquet_tables")]
          .filter(({ name }) =>
            /generated_(?:lz4|uncompressible_zstd|nested_dictionary|binary_view)|offset_indexed/.test(name),
          )
          .map(({ name, bytes }) => [name, bytes]),
      )
    : {}),
};

/** What a damaged file gives: its content, or the code of its refusal. A fault without a code fails the test. */
async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    return await readTable(bytes);
  } catch (error) {
    if (isLossflowError(error) && error.code !== "LF_INTERNAL") return error.code;
    throw error;
  }
}

describe.each(Object.entries(FILES))("%s", (name, good) => {
  test("cut anywhere is refused as truncated, never read as shorter", async () => {
    const step = Math.max(1, Math.floor(good.length / 600));
    for (let length = good.length - 1; length >= 0; length -= step) {
      const outcome = await outcomeOf(good.subarray(0, length));
      expect(`${length}: ${outcome}`).toBe(`${length}: ${length === 0 ? "LF_EMPTY" : "LF_TRUNCATED"}`);
    }
  });

  test("with any byte changed it is read or refused with a code, and does not hang", async () => {
    const random = seededRandom(SEED);
    for (let i = 0; i < 400; i++) {
      const bad = good.slice();
      const at = Math.floor(random() * bad.length);
      bad[at] = [bad[at]! ^ (1 << Math.floor(8 * random())), 0, 255, Math.floor(256 * random())][
        Math.floor(4 * random())
      ]!;
      const outcome = await outcomeOf(bad).catch((error: unknown) => {
        throw new Error(`${name}: byte ${at} changed to ${bad[at]} (seed ${SEED})`, { cause: error });
      });
      expect(outcome).toBeTypeOf("string");
    }
  });
});

describe("what a footer and a stream's end say is held against what was met", () => {
  const file = FILES["a file"]!;

  test("a footer that lists a batch where there is none, or leaves one out", async () => {
    const { blocks, start } = await readFooter(memoryBytes(file, "file"), file.length);
    const batches = [...blocks.keys()];
    const place = new DataView(file.buffer, file.byteOffset);
    const bad = file.slice();
    for (let at = start; at + 8 <= file.length; at += 4) {
      if (place.getBigInt64(at, true) === BigInt(batches[1]!))
        new DataView(bad.buffer).setBigInt64(at, BigInt(batches[1]! + 8), true);
    }
    expect(bad).not.toEqual(file);
    expect(await outcomeOf(bad)).toBe("LF_ARROW_INVALID");
  });

  test("bytes behind the end of a stream, such as a second stream", async () => {
    const stream = FILES["a stream with replaced dictionaries"]!;
    const twice = new Uint8Array(2 * stream.length);
    twice.set(stream);
    twice.set(stream, stream.length);
    expect(await outcomeOf(twice)).toBe("LF_ARROW_INVALID");
  });

  test("a count of nulls that its bitmap does not have", async () => {
    const [batch] = batchesFromRows(rows, [70], "plain");
    const data = batch!.data.children[0]!;
    const stream = ipcFromBatches([batch!], "stream");
    const node = new Uint8Array(16);
    new DataView(node.buffer).setBigInt64(0, 70n, true);
    new DataView(node.buffer).setBigInt64(8, BigInt(data.nullCount), true);
    const at = Array.from(stream.keys()).find((i) => node.every((byte, k) => stream[i + k] === byte))!;
    const bad = stream.slice();
    bad[at + 8] = data.nullCount - 1;
    expect(await outcomeOf(bad)).toBe("LF_ARROW_INVALID");
  });
});
