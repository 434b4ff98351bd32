import { describe, expect, test } from "vitest";
import { lz4FrameInto } from "../../src/columns/lz4-frame.ts";
import { openBytes } from "../../src/columns/open-bytes.ts";
import { snappyBlockInto } from "../../src/columns/snappy-block.ts";
import { xxHash32 } from "../../src/columns/xx-hash32.ts";
import { zstdFrameInto } from "../../src/columns/zstd-frame.ts";

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

test("xxHash32 gives the values of its specification's reference program", () => {
  expect(xxHash32(text(""))).toBe(0x02cc5d05);
  expect(xxHash32(text("a"))).toBe(0x550d7456);
  expect(xxHash32(text("abc"))).toBe(0x32d153ff);
  expect(xxHash32(text("Nobody inspects the spammish repetition"))).toBe(0xe2293b2f);
});

/** A frame of one block: "aaaa...": one literal, then a match of itself. */
function lz4Frame(block: string, flags = 0x60): Uint8Array {
  const header = bytes(`${flags.toString(16)}40`);
  const check = ((xxHash32(header) >>> 8) & 0xff).toString(16).padStart(2, "0");
  const size = (block.length / 2).toString(16).padStart(2, "0");
  return bytes(`04224d18${flags.toString(16)}40${check}${size}000000${block}00000000`);
}

describe("LZ4 frames", () => {
  test("literals, and matches that overlap themselves", () => {
    const out = new Uint8Array(14);
    // One literal "a", a match of 8 one back, then five literals.
    lz4FrameInto(lz4Frame("14610100506263646566"), out);
    expect(new TextDecoder().decode(out)).toBe("aaaaaaaaabcdef");
  });

  test.each([
    ["a match before the beginning", lz4Frame("14610200506263646566"), 14],
    ["more than is due", lz4Frame("506162636465"), 4],
    ["less than is due", lz4Frame("506162636465"), 6],
    ["literals past the block", lz4Frame("f06162"), 17],
    ["a wrong header checksum", lz4Frame("506162636465").map((byte, i) => (i === 6 ? byte ^ 1 : byte)), 5],
    ["no end mark", lz4Frame("506162636465").subarray(0, -4), 5],
    ["another magic", new Uint8Array(20), 5],
  ])("%s is refused", (_name, frame, length) => {
    expect(() => lz4FrameInto(frame, new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: "LF_COMPRESSION" }),
    );
  });
});

describe("Snappy blocks", () => {
  test("literals, and matches that overlap themselves", () => {
    const out = new Uint8Array(26);
    // One literal "a", a match of 8 one back, five literals; matches of 7 and 5 with offsets of two and four bytes.
    snappyBlockInto(bytes("1a006111011062636465661a07001303000000"), out);
    expect(new TextDecoder().decode(out)).toBe("aaaaaaaaabcdefaabcdefdefde");
  });

  test("literals whose length stands in bytes of its own, in shared memory", () => {
    const block = new Uint8Array(new SharedArrayBuffer(1 + 3 + 100));
    block.set([100, 61 << 2, 99, 0]);
    block.fill(7, 4);
    const out = new Uint8Array(100);
    snappyBlockInto(block, out);
    expect(out).toEqual(new Uint8Array(100).fill(7));
  });

  test.each([
    ["a match before the beginning", "0900611102", 9],
    ["a match of nothing back", "0900611100", 9],
    ["more than is due", "05106263646566", 4],
    ["more than it says", "04106263646566", 4],
    ["less than it says", "06106263646566", 6],
    ["a match past the end", "0500611101", 5],
    ["literals past the block", "0a246162", 10],
    ["an offset that is cut", "09006112", 9],
    ["a length without end", "ffffffffffffffffff", 9],
    ["nothing", "", 0],
  ])("%s is refused", (_name, block, length) => {
    expect(() => snappyBlockInto(bytes(block), new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: "LF_COMPRESSION" }),
    );
  });
});

describe("Zstandard frames", () => {
  // A raw block and a run of one byte, single segment, content size 9.
  const frame = bytes("28b52ffd2009200000616263642b000065");
  test("blocks are put together", () => {
    const out = new Uint8Array(9);
    zstdFrameInto(frame, out);
    expect(new TextDecoder().decode(out)).toBe("abcdeeeee");
  });

  test.each([-5, -4, -3, -2, -1, 0, 1, 2])(
    "a long frame, read a MiB at a time, is whole where a block begins %d bytes from there",
    (distance) => {
      const sizes = [
        ...Array<number>(8).fill(130_000),
        2 ** 20 + distance - 9 - 8 * 130_003 - 3,
        70_000,
        900,
      ];
      const content = sizes.map((size, k) => new Uint8Array(size).map((_, i) => (i * (k + 3)) % 251));
      const length = sizes.reduce((sum, size) => sum + size, 0);
      const header = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...new Uint8Array(Uint32Array.of(length).buffer)];
      const blocks = content.flatMap((block, k) => {
        const word = 8 * block.length + Number(k === content.length - 1);
        return [Uint8Array.of(word, word >> 8, word >> 16), block];
      });
      const long = new Uint8Array(Buffer.concat([Uint8Array.from(header), ...blocks]));
      const out = new Uint8Array(length);
      zstdFrameInto(long, out);
      expect(Buffer.compare(out, Buffer.concat(content))).toBe(0);
      for (const bad of [long.subarray(0, 2 ** 20), long.subarray(0, long.length - 1)])
        expect(() => zstdFrameInto(bad, new Uint8Array(length))).toThrow(
          expect.objectContaining({ code: "LF_COMPRESSION" }),
        );
    },
  );

  test.each([
    ["more than is due", frame, 8],
    ["less than is due", frame, 10],
    ["a cut frame", frame.subarray(0, 12), 9],
    ["another magic", new Uint8Array(20), 9],
  ])("%s is refused", (_name, bad, length) => {
    expect(() => zstdFrameInto(bad, new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: "LF_COMPRESSION" }),
    );
  });
});

test("a buffer that declares more than its rows can need is refused before memory is taken for it", () => {
  const packed = new Uint8Array(16);
  new DataView(packed.buffer).setBigInt64(0, 2n ** 40n, true);
  expect(() => openBytes({ codec: "lz4", packed }, 8)).toThrow(
    expect.objectContaining({ code: "LF_ARROW_INVALID" }),
  );
});
