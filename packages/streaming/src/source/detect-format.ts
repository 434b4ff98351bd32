import { LossflowError } from "@lossflow/core";

export type TableFormat =
  | { readonly format: "arrow" | "parquet" }
  | {
      readonly format: "csv" | "jsonl";
      /** Where the text begins, after a byte-order mark. */ readonly start: number;
    };

/** So many bytes tell the format. */
export const HEAD_BYTES = 4096;

/**
 * Tells the format of a table from its first bytes; names and extensions say nothing.
 * @throws LF_EMPTY, LF_TRUNCATED for a few bytes of an Arrow or Parquet file, LF_UNKNOWN_FORMAT for what is none
 */
export function detectFormat(head: Uint8Array, name: string): TableFormat {
  const refused = (code: `LF_${string}`, why: string): LossflowError =>
    new LossflowError(code, `${name} ${why}`, { path: name });
  if (head.length === 0) throw refused("LF_EMPTY", "is empty: it holds no table.");
  if (begins(head, "ARROW1")) return { format: "arrow" };
  if (begins(head, "PAR1")) return { format: "parquet" };
  if (begins(head, "PARE"))
    throw refused("LF_UNKNOWN_FORMAT", "is an encrypted Parquet file, which is not read.");
  if (begins(head, "FEA1"))
    throw refused("LF_UNKNOWN_FORMAT", "is a Feather file of version 1; write it as version 2 (Arrow IPC).");
  if (head[0] === 0x1f && head[1] === 0x8b)
    throw refused("LF_UNKNOWN_FORMAT", "is compressed with gzip; unpack it first.");
  if (begins(head, "(\xb5/\xfd"))
    throw refused("LF_UNKNOWN_FORMAT", "is compressed with zstd; unpack it first.");
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw refused("LF_UNKNOWN_FORMAT", "is text in UTF-16; write it as UTF-8.");
  }
  if (beginsStream(head)) return { format: "arrow" };
  if (head.length < 8 && ("ARROW1".startsWith(textOf(head)) || "PAR1".startsWith(textOf(head)))) {
    throw refused(
      "LF_TRUNCATED",
      "is truncated: it ends within the first bytes of its format; write or copy it again.",
    );
  }
  if (head.includes(0))
    throw refused(
      "LF_UNKNOWN_FORMAT",
      "is binary, and not Arrow or Parquet; CSV and JSONL are read besides.",
    );
  const start = begins(head, "\xef\xbb\xbf") ? 3 : 0;
  const first = head.subarray(start).find((byte) => byte > 0x20);
  if (first === undefined && head.length < HEAD_BYTES)
    throw refused("LF_EMPTY", "is blank: it holds no table.");
  if (first === 0x5b) throw refused("LF_UNKNOWN_FORMAT", "is a JSON array; give one object a line (JSONL).");
  return { format: first === 0x7b ? "jsonl" : "csv", start };
}

/** An Arrow stream begins with 0xFFFFFFFF and a length, before Arrow 0.15 with the length alone. */
function beginsStream(head: Uint8Array): boolean {
  if (head.length < 4) return head.length > 0 && head.every((byte) => byte === 0xff);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const word = view.getUint32(0, true);
  if (word === 0xffffffff) return true;
  // The metadata of a schema is short, and a flatbuffer begins with a small offset.
  if (word === 0 || word > 2 ** 24 || head.length < 8) return false;
  const root = view.getUint32(4, true);
  return root >= 8 && root < 256 && head.includes(0);
}

function begins(head: Uint8Array, text: string): boolean {
  return head.length >= text.length && textOf(head.subarray(0, text.length)) === text;
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
