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
  expect(adopted(...good, 129, 128, 128, 128, 128, 0, 2 * block.length, ...blockOf(9))).toBe(false);
  for (const rest of [[1], [1, 0], [128], [1, 128], [255, 255, 255, 255, 255, 255]])
    expect(adopted(...good, ...rest)).toBe(false);
});

test("a block that is cut is not adopted, though what is gone were zeros", () => {
  const counts = new BucketCounts();
  counts.add(7, 2 ** 40);
  counts.add(9, 2 ** 40 + 1);
  const length = counts.write();
  const bytes = counts.bytes.slice(0, length);
  expect(bytes.at(-1)).toBe(0);
  const whole = Uint8Array.from([2, 2 * bytes.length, ...bytes]);
  const adopted = (from: Uint8Array): boolean => new SketchBlocks(new SketchRoom()).adopt(from, 3);
  expect([adopted(whole), adopted(whole.slice(0, -1))]).toEqual([true, false]);
});

test("each adoption minds its own cells, and counts its bytes", () => {
  const room = new SketchRoom();
  const bytes = Uint8Array.from([...headed(2, blockOf(9)), ...headed(0, blockOf(7))]);
  const blocks = new SketchBlocks(room);
  for (let i = 1; i < 3; i++) {
    expect(blocks.adopt(bytes, 3)).toBe(true);
    expect([blocks.size, blocks.length]).toEqual([i * bytes.length, 2 * i]);
  }
});

test("blocks that are taken out give back their pages each time, and leave no cell", () => {
  const blocks = new SketchBlocks(new SketchRoom());
  const block = new Uint8Array(1000).fill(1);
  const pages = new Set<ArrayBufferLike>();
  for (let round = 0; round < 4; round++) {
    expect([blocks.end, blocks.size, blocks.length, blocks.cursor().next()]).toEqual([0, 0, 0, false]);
    for (let cell = 0; cell < 400; cell++) blocks.put(cell, block, 0, block.length);
    for (const { buffer } of blocks.bytes) pages.add(buffer);
    expect(blocks.end).toBe(400);
    blocks.clear();
  }
  expect(pages.size).toBe(Math.ceil(400 / Math.floor(PAGE / 1003)));
});
