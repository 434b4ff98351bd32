import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromPartition, partitionFromBytes } from "../src/fold/partition-state.ts";
import { ChunkSet } from "../src/log/chunk-set.ts";
import { PieceJoiner } from "../src/nats/piece-joiner.ts";
import { pieceBytes, piecesOf } from "../src/nats/pieces.ts";

const SEED = Number(process.env["LOSSFLOW_SEED"] ?? 1);
const chunks = fc.array(fc.nat(60), { maxLength: 80 });

describe("the set of chunks of a state", () => {
  test("is a set, whatever the order, and survives its bytes", () => {
    fc.assert(
      fc.property(chunks, chunks, (some, others) => {
        const set = new ChunkSet();
        const expected = new Set<number>();
        for (const chunk of some) {
          expect(set.add(chunk)).toBe(!expected.has(chunk));
          expected.add(chunk);
        }
        const other = new ChunkSet();
        for (const chunk of others) other.add(chunk);
        set.addAll(other);
        for (const chunk of others) expected.add(chunk);
        expect(set.size).toBe(expected.size);
        expect(Array.from({ length: 62 }, (_, i) => set.has(i))).toEqual(
          Array.from({ length: 62 }, (_, i) => expected.has(i)),
        );
        const missing = Array.from({ length: 61 }, (_, i) => i).filter((i) => !expected.has(i));
        expect(set.missing(61, 5)).toEqual(missing.slice(0, 5));
        const again = ChunkSet.fromRanges(set.toRanges());
        expect(again.toRanges()).toEqual(set.toRanges());
        expect(again.size).toBe(set.size);
      }),
      { seed: SEED },
    );
  });

  test.each([[[]], [[0, 1]], [[5, 3, 9]], [[0, 1, 1]], [[-1]], [[0.5]]])("%j is refused", (ranges) => {
    expect(() => ChunkSet.fromRanges(ranges)).toThrow("damaged");
  });
});

describe("a checkpoint of a partition", () => {
  const set = new ChunkSet();
  for (const chunk of [0, 1, 2, 5, 6, 9]) set.add(chunk);
  const bytes = bytesFromPartition({ position: 77, chunks: set, state: Uint8Array.of(1, 2, 3) });

  test("comes back as it was", () => {
    const { position, chunks: found, state } = partitionFromBytes(bytes);
    expect([position, found.toRanges(), [...state]]).toEqual([77, [3, 5, 7, 9, 10], [1, 2, 3]]);
  });

  test("is refused with a code with any bit flipped and at any length", () => {
    for (let i = 0; i < bytes.length; i++) {
      const flipped = bytes.slice();
      flipped[i]! ^= 1 << (i % 8);
      expect(() => partitionFromBytes(flipped)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) }),
      );
      expect(() => partitionFromBytes(bytes.subarray(0, i))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) }),
      );
    }
  });
});

test("pieces of chunks that come mingled and twice are joined, and a position is behind no open one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      (counts, seed) => {
        const messages = counts.flatMap((pieces, chunk) =>
          Array.from({ length: 2 * pieces }, (_, i) => ({
            chunk,
            piece: i % pieces,
            pieces,
            bytes: Uint8Array.of(chunk, i % pieces),
          })),
        );
        messages.sort(
          (a, b) =>
            (((a.chunk * 31 + a.piece * 7) ^ seed) % 13) - (((b.chunk * 31 + b.piece * 7) ^ seed) % 13),
        );
        const joiner = new PieceJoiner();
        const whole = new Map<number, number[]>();
        for (const [position, message] of messages.entries()) {
          const joined = joiner.add({ position, ...message });
          if (joined !== undefined) whole.set(joined.chunk, [...joined.bytes]);
          expect(joiner.firstOpen(position + 1)).toBeLessThanOrEqual(position + 1);
        }
        expect(whole.size).toBe(counts.length);
        for (const [chunk, bytes] of whole)
          expect(bytes).toEqual(Array.from({ length: counts[chunk]! }, (_, i) => [chunk, i]).flat());
      },
    ),
    { seed: SEED },
  );
  const long = Uint8Array.from({ length: 2_000_000 }, (_, i) => i % 251);
  const most = pieceBytes({});
  const pieces = piecesOf(long, most);
  expect([
    pieces.length,
    Buffer.compare(Buffer.concat(pieces), long),
    piecesOf(new Uint8Array(0), most).length,
  ]).toEqual([3, 0, 1]);
});
