import { LossflowError } from "@lossflow/core";
import type { ByteSource } from "../source/byte-source.ts";
import { FlatTable, safeInt64 } from "./flat-table.ts";
import { truncated } from "./ipc-frames.ts";
import { checkVersion } from "./message.ts";
import { schemaFromTable, type ArrowSchema } from "./schema.ts";

/** What the footer of an Arrow file says of the messages before it. */
export interface ArrowFooter {
  readonly schema: ArrowSchema;
  /** Where the footer begins. */
  readonly start: number;
  /** All dictionary and record batches by their positions. */
  readonly blocks: ReadonlyMap<number, ArrowBlock>;
}

/** How long a batch is: its prefix and metadata, and its body. */
export interface ArrowBlock {
  readonly metadata: number;
  readonly body: number;
}

const MAGIC = "ARROW1";

/** Reads and checks the footer of an Arrow file of known size. @throws LF_TRUNCATED, LF_ARROW_INVALID */
export async function readFooter(source: ByteSource, size: number): Promise<ArrowFooter> {
  const tail = await source.read(Math.max(0, size - 10), 10);
  if (tail.length < 10 || String.fromCharCode(...tail.subarray(4)) !== MAGIC) {
    throw truncated(source, size, "it does not end with the Arrow magic");
  }
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getInt32(0, true);
  const start = size - 10 - length;
  if (length <= 0 || start < 8) throw invalid(source, `its footer declares ${length} bytes`);
  const footer = FlatTable.root(await source.read(start, length));
  checkVersion(footer.int16(0, 0));
  const blocks = new Map<number, ArrowBlock>();
  for (const field of [2, 3]) {
    footer.structs(field, 24, (view, at) => {
      const offset = safeInt64(view, at);
      if (offset < 8 || offset >= start || blocks.has(offset))
        throw invalid(source, `its footer lists a batch at byte ${offset}`);
      blocks.set(offset, { metadata: view.getInt32(at + 8, true), body: safeInt64(view, at + 16) });
    });
  }
  const schema = footer.table(1);
  if (schema === undefined) throw invalid(source, "its footer holds no schema");
  return { start, blocks, schema: schemaFromTable(schema) };
}

/** Refuses a footer that does not list exactly the batches that were met, with their lengths: one of both is damaged. */
export function checkBlocks(
  source: ByteSource,
  footer: ArrowFooter,
  met: ReadonlyMap<number, ArrowBlock>,
): void {
  for (const at of footer.blocks.keys()) {
    if (!met.has(at)) throw invalid(source, `its footer lists a batch at byte ${at} where there is none`);
  }
  for (const [at, { metadata, body }] of met) {
    const listed = footer.blocks.get(at);
    if (listed === undefined) throw invalid(source, `its footer does not list the batch at byte ${at}`);
    if (listed.metadata !== metadata || listed.body !== body)
      throw invalid(source, `the batch at byte ${at} is not as long as its footer says`);
  }
}

function invalid(source: ByteSource, why: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", `${source.name} is damaged: ${why}.`, { path: source.name });
}
