import { LossflowError } from "@lossflow/core";
import type { ByteSource } from "../source/byte-source.ts";
import type { OpenTable } from "../source/table-source.ts";
import { cellsOfRecord } from "./cells-of-record.ts";
import { scanCsvRecords } from "./csv-records.ts";
import { readChunks } from "./read-chunks.ts";

/** A header is looked for in this many bytes. */
const HEADER_BYTES = 2 ** 20;
const DELIMITERS = [0x2c, 0x09, 0x3b];

/**
 * Opens a CSV file (RFC 4180; a byte-order mark, CRLF and CR are accepted) by its header. Where the header has no comma,
 * tabs or else semicolons separate the cells. Spaces around a name do not belong to it.
 * @param start where the text begins, after a byte-order mark.
 * @throws LF_EMPTY, LF_BAD_CSV
 */
export async function openCsvTable(source: ByteSource, start: number): Promise<OpenTable> {
  const head = await source.read(start, HEADER_BYTES);
  let at = 0;
  let line = 1;
  while (head[at] === 0x0a || head[at] === 0x0d) {
    at += head[at] === 0x0d && head[at + 1] === 0x0a ? 2 : 1;
    line++;
  }
  if (at >= head.length) {
    throw new LossflowError("LF_EMPTY", `${source.name} is empty: it has no header.`, { path: source.name });
  }
  const delimiter =
    DELIMITERS.find((one) => cellsOfRecord(head, at, one).starts.length > 1) ?? DELIMITERS[0]!;
  const record = cellsOfRecord(head, at, delimiter);
  if (record.broken) {
    throw new LossflowError(
      "LF_BAD_CSV",
      `${source.name}, line ${line}: the quotes of its header do not match.`,
      {
        path: source.name,
        line,
      },
    );
  }
  const columns = record.starts.map((from, i) => {
    const text = new TextDecoder().decode(head.slice(from, record.ends[i])).trim();
    return record.quoted[i] === true ? text.replaceAll('""', '"') : text;
  });
  return {
    name: source.name,
    size: source.size,
    columns,
    async *segments(wanted, arena) {
      const positions = wanted.map((name) => columns.indexOf(name));
      const scan = (bytes: Uint8Array, atEnd: boolean) => scanCsvRecords(bytes, delimiter, atEnd);
      for await (const chunk of readChunks(source, start + record.next, line + 1, arena, scan)) {
        const { bytes, rows, firstLine, position, release } = chunk;
        yield {
          rows,
          payload: { kind: "csv", bytes, delimiter, width: columns.length, wanted: positions, firstLine },
          position,
          release,
        };
      }
    },
    close: () => source.close(),
  };
}
