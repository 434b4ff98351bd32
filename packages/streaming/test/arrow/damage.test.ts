import { isLossflowError } from "@lossflow/core";
import { describe, expect, test } from "vitest";
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
