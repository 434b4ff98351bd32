import { invalidParquet } from "./parquet-refusal.ts";
import { thriftStructAt } from "./thrift-struct.ts";

/** How values lie in a page; positions in parquet.thrift's enum Encoding. */
const ENCODINGS = [
  "plain",
  undefined,
  "dictionary",
  "rle",
  "bit_packed",
  "delta",
  "delta_length",
  "delta_bytes",
  "dictionary",
  "byte_stream_split",
] as const;

export type PageEncoding = Exclude<(typeof ENCODINGS)[number], undefined>;

/** What stands before a page. `levels` of version 2 lie before its compressed part, with the lengths given here. */
export interface PageHeader {
  readonly kind: "data" | "data_v2" | "dictionary" | "other";
  readonly compressedSize: number;
  readonly size: number;
  readonly checksum: number | undefined;
  readonly values: number;
  readonly encoding: PageEncoding;
  readonly repetitionBytes: number;
  readonly definitionBytes: number;
  readonly isCompressed: boolean;
}

/** No page comes near this; a size beyond it is damage, and would take all memory. */
const MOST_BYTES = 2 ** 30;

/** Reads the header at `at`, and gives the position of its page. @throws LF_PARQUET_INVALID */
export function pageHeaderAt(
  bytes: Uint8Array,
  at: number,
): { readonly header: PageHeader; readonly body: number } {
  const { struct, end } = thriftStructAt(bytes, at);
  const kind = (["data", "other", "dictionary", "data_v2"] as const)[struct.int(1) ?? -1];
  const size = struct.int(2);
  const compressedSize = struct.int(3);
  if (kind === undefined || size === undefined || compressedSize === undefined)
    throw invalidParquet("a page header is not whole");
  if (!(compressedSize >= 0 && end + compressedSize <= bytes.length)) {
    throw invalidParquet(`a page of ${compressedSize} bytes reaches beyond its column`);
  }
  if (!(size >= 0 && size <= MOST_BYTES)) throw invalidParquet(`a page declares ${size} bytes`);
  const common = { kind, size, compressedSize, checksum: struct.int(4) };
  const none = {
    values: 0,
    encoding: "plain",
    repetitionBytes: 0,
    definitionBytes: 0,
    isCompressed: true,
  } as const;
  if (kind === "other") return { header: { ...common, ...none }, body: end };
  const description = struct.struct(kind === "data" ? 5 : kind === "dictionary" ? 7 : 8);
  const values = description?.int(1);
  const encoding = ENCODINGS[description?.int(kind === "data_v2" ? 4 : 2) ?? -1];
  if (
    description === undefined ||
    values === undefined ||
    !(values >= 0 && values < 2 ** 31) ||
    encoding === undefined
  ) {
    throw invalidParquet("a page has no count of values, or an unknown encoding");
  }
  if (kind !== "data_v2") return { header: { ...common, ...none, values, encoding }, body: end };
  const definitionBytes = description.int(5) ?? -1;
  const repetitionBytes = description.int(6) ?? -1;
  if (
    !(
      definitionBytes >= 0 &&
      repetitionBytes >= 0 &&
      definitionBytes + repetitionBytes <= Math.min(size, compressedSize)
    )
  ) {
    throw invalidParquet("the levels of a page are longer than the page");
  }
  return {
    header: {
      ...common,
      values,
      encoding,
      repetitionBytes,
      definitionBytes,
      isCompressed: description.boolean(7) ?? true,
    },
    body: end,
  };
}
