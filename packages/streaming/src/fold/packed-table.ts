import type { RunningLossOptions } from "@lossflow/core";
import { LossTable } from "@lossflow/core/running";
import { ReusedRoom } from "../columns/row-room.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { NumberPacker, NumberUnpacker } from "./packed-numbers.ts";

/** Cells that are packed together: what they take besides while they are written or read does not grow with the table. */
const CELLS = 2 ** 12;

/** The memory that tables are packed and unpacked in, a part of one after the other. */
export class TableRoom {
  readonly arrays: ReusedRoom = new ReusedRoom();
  readonly packer: NumberPacker = new NumberPacker();
  readonly unpacker: NumberUnpacker = new NumberUnpacker();
}

/** A table of running losses as it was written, whose cells stay packed until they are merged. */
export class PackedTable {
  readonly #parts: readonly Uint8Array[];
  readonly #options: RunningLossOptions;
  readonly #room: TableRoom;

  private constructor(parts: readonly Uint8Array[], options: RunningLossOptions, room: TableRoom) {
    this.#parts = parts;
    this.#options = options;
    this.#room = room;
  }

  /** Writes a table: the uint32 count of its cells, and {@link NumberPacker} of every 4,096 of them. Cell i is `order[i]`, each of them. */
  static write(table: LossTable, order: Int32Array, out: ByteWriter, { arrays, packer }: TableRoom): void {
    table.extend(order.length);
    out.uint32(order.length);
    for (let from = 0; from < order.length; from += CELLS) {
      // Those before have been written.
      arrays.clear();
      const cells = order.subarray(from, from + CELLS);
      out.bytes(packer.pack(table.toNumbers(cells, (length) => arrays.doubles(length))));
    }
  }

  /**
   * Reads a table of at most `most` cells, which shares the memory that it is read from.
   * @throws LF_STATE_VERSION, LF_STATE_DAMAGED
   */
  static read(from: ByteReader, most: number, options: RunningLossOptions, room: TableRoom): PackedTable {
    const length = from.uint32();
    if (length > most) throw from.damaged();
    const parts = Array.from({ length: Math.ceil(length / CELLS) }, () => from.bytes());
    const table = new PackedTable(parts, options, room);
    let cells = 0;
    for (const part of table.#unpacked()) {
      if (part === null || part.length !== Math.min(CELLS, length - cells)) throw from.damaged();
      cells += part.length;
    }
    return table;
  }

  /** Adds cell i to cell `at[i]` of a table, left out where that is negative. */
  mergeInto(table: LossTable, at: Int32Array): void {
    let from = 0;
    for (const part of this.#unpacked()) {
      table.merge(part!, at.subarray(from, from + part!.length));
      from += part!.length;
    }
  }

  /** The cells, some at a time, which stand until the next are asked for; null where they are damaged. */
  *#unpacked(): Generator<LossTable | null> {
    for (const part of this.#parts) {
      const numbers = this.#room.unpacker.unpack(part);
      yield numbers === null ? null : LossTable.fromNumbers(numbers, this.#options);
    }
  }
}
