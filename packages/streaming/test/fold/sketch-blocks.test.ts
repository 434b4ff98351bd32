import { expect, test } from "vitest";
import { BucketCounts } from "../../src/fold/bucket-counts.ts";
import { SketchBlocks } from "../../src/fold/sketch-blocks.ts";
import { PAGE, SketchRoom } from "../../src/fold/sketch-room.ts";

/** A block of one bucket. */
function blockOf(place: number): Uint8Array {
  const counts = new BucketCounts();
  counts.add(place, 1);
  const length = counts.write();
  return counts.bytes.slice(0, length);
}

function headed(cell: number, block: Uint8Array, twice = 2 * block.length): readonly number[] {
  return [cell, twice, ...block];
}

test("blocks of any length and cell are read as they were put, wherever pages end", () => {
  for (const length of [3, 64, 65, 1021, 9000, 70_000, PAGE]) {
    const blocks = new SketchBlocks(new SketchRoom());
    const bytes = Uint8Array.from({ length }, (_, i) => 1 + (i % 251));
    const cells = Array.from(
      { length: 3 + Math.ceil((2 * PAGE) / length) },
      (_, i) => (i * 60_013) % 2 ** 30,
    );
    for (const cell of cells) blocks.put(cell, bytes, 0, length);
    const block = blocks.cursor();
    let wrong = 0;
    for (const cell of cells) {
      if (!block.next() || block.cell !== cell || block.end - block.start !== length) wrong++;
      if (Buffer.compare(block.bytes.subarray(block.start, block.end), bytes) !== 0) wrong++;
    }
    expect([wrong, block.next(), block.cell]).toEqual([0, false, Infinity]);
    expect(blocks.size).toBe(blocks.bytes.reduce((size, page) => size + page.length, 0));
  }
});

test("blocks twice of a cell, of none, loose, cut or damaged are not adopted", () => {
  const block = blockOf(9);
  const adopted = (...bytes: readonly number[]): boolean => {
    const blocks = new SketchBlocks(new SketchRoom());
    const is = blocks.adopt(Uint8Array.from(bytes), 3);
    expect(blocks.length > 0).toBe(is && bytes.length > 0);
    return is;
  };
  const good = [...headed(2, block), ...headed(0, block)];
  expect([adopted(), adopted(...good)]).toEqual([true, true]);
  expect(adopted(...good, ...headed(2, block))).toBe(false);
  expect(adopted(...good, ...headed(3, block))).toBe(false);
  expect(adopted(...good, ...headed(1, block, 2 * block.length + 1))).toBe(false);
  expect(adopted(...good, ...headed(1, block, 2 * block.length + 2))).toBe(false);
  expect(adopted(...good, ...headed(1, block.fill(255, 2, 3)))).toBe(false);
  for (const rest of [[1], [1, 0], [128], [1, 128], [255, 255, 255, 255, 255, 255]])
    expect(adopted(...good, ...rest)).toBe(false);
});
