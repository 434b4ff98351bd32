import { indexOf, placeOf } from "./block-index.ts";
import { bucketOfPlace } from "./bucket-code.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { DenseCounts } from "./dense-counts.ts";
import { SketchBlocks } from "./sketch-blocks.ts";
import type { SketchRoom } from "./sketch-room.ts";

/** The losses of some cells by their buckets, lowest first: `counts[i]` of `buckets[i]`. */
export interface SketchOfCells {
  readonly buckets: Int32Array;
  readonly counts: Float64Array;
}

/** The counts of cells, each of which was put once, in order: a cell has what half bytes and block hold of it together. */
export class MergedCounts {
  readonly dense: DenseCounts;
  /** By cell, none of them loose. */
  readonly blocks: SketchBlocks;
  readonly #room: SketchRoom;

  constructor(room: SketchRoom) {
    this.#room = room;
    this.dense = new DenseCounts(room);
    this.blocks = new SketchBlocks(room);
  }

  /** How many bytes they take. */
  get size(): number {
    return this.dense.size + this.blocks.size;
  }

  /** Takes the counts of a cell beyond all that were put, which are forgotten. */
  put(cell: number, counts: BucketCounts): void {
    this.dense.put(cell, counts);
    this.blocks.putCounts(cell, counts);
  }

  /**
   * Gives a reader of what is there now, until something is put: it gives the sketch of all losses in some cells, which
   * stands until it is called again. It throws LF_COUNT as {@link BucketCounts.add} does.
   */
  reader(): (cells: readonly number[]) => SketchOfCells {
    const { dense, blocks } = this;
    const { counts } = this.#room;
    const found = indexOf(blocks, (length) => new Int32Array(length));
    const block = blocks.cursor();
    return (cells) => {
      for (const cell of cells) {
        if (dense.open(cell)) dense.addTo(counts);
        const i = placeOf(cell, found.cells);
        if (i === -1) continue;
        block.goTo(found.pages[i]!, found.starts[i]!);
        counts.addBlock(block.bytes, block.start, block.end);
      }
      return sketchOf(counts, this.#room);
    };
  }

  /** Takes all out; the pages go back to the room. */
  clear(): void {
    this.dense.clear();
    this.blocks.clear();
  }
}

function sketchOf(counts: BucketCounts, room: SketchRoom): SketchOfCells {
  const places = counts.places();
  const sketch = { buckets: room.ints("buckets", places.length), counts: room.doubles(places.length) };
  for (let i = 0; i < places.length; i++) {
    sketch.buckets[i] = bucketOfPlace(places[i]!);
    sketch.counts[i] = counts.countAt(places[i]!);
  }
  counts.clear();
  return sketch;
}
