import { compressors } from "hyparquet-compressors";
import { lz4BlockInto } from "../columns/lz4-frame.ts";
import { snappyBlockInto } from "../columns/snappy-block.ts";
import { zstdFrameInto } from "../columns/zstd-frame.ts";
import type { ParquetCodec } from "./file-metadata.ts";
import { invalidParquet } from "./parquet-refusal.ts";

/**
 * Decompresses a page to exactly `size` bytes.
 * @param packed may be shared; only pages that are not compressed are views of it.
 * @throws LF_PARQUET_INVALID, LF_COMPRESSION
 */
export function unpackPage(packed: Uint8Array, codec: ParquetCodec, size: number): Uint8Array {
  if (codec === "none") return packed;
  // Some writers leave a page without values empty, whatever its codec.
  if (size === 0) return new Uint8Array(0);
  // The decoders of these need no copy of a page, which may be as long as its row group.
  if (codec === "zstd" || codec === "lz4_raw" || codec === "snappy") {
    const out = new Uint8Array(size);
    if (codec === "zstd") zstdFrameInto(packed, out);
    else if (codec === "snappy") snappyBlockInto(packed, out);
    else if (lz4BlockInto(packed, 0, packed.length, out, 0) !== size)
      throw invalidParquet("a page holds less than it declares");
    return out;
  }
  const decoder = {
    gzip: compressors.GZIP,
    brotli: compressors.BROTLI,
    lz4: compressors.LZ4,
    lzo: undefined,
  }[codec];
  if (decoder === undefined)
    throw invalidParquet(`its pages are compressed with ${codec}, which is not read`);
  let unpacked: Uint8Array;
  try {
    // They keep views, and some cannot read shared memory.
    unpacked = decoder(packed.slice(), size);
  } catch (cause) {
    throw invalidParquet(
      `a page cannot be decompressed (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
  if (unpacked.length !== size)
    throw invalidParquet(`a page holds ${unpacked.length} bytes where it declares ${size}`);
  return unpacked;
}
