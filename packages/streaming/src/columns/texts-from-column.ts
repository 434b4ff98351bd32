import { LossflowError } from "@lossflow/core";
import type { TextColumn, TextViewColumn } from "./column.ts";
import { nullsFromValidity, type Nulls } from "./nulls-from-validity.ts";
import { openBytes } from "./open-bytes.ts";
import { checkedOffsets } from "./checked-offsets.ts";

/** Texts by row; a null row's text is empty. */
export interface TextRows {
  readonly length: number;
  readonly nulls: Nulls;
  /** Decodes the text of one row. */
  at(row: number): string;
}

/** Opens a column of texts, checking every offset; each text is decoded when it is asked for. */
export function textsFromColumn(column: TextColumn | TextViewColumn): TextRows {
  const nulls = nullsFromValidity(column.validity, column.bitOffset, column.length);
  const at = column.kind === "text" ? textAtOffsets(column) : textAtViews(column, nulls);
  return { length: column.length, nulls, at };
}

function textAtOffsets(column: TextColumn): (row: number) => string {
  const offsets = checkedOffsets(column.offsets, column.length, column.wide);
  const end = offsets[column.length]!;
  const values = openBytes(column.values, end);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // TextDecoder refuses shared memory in browsers, so a text is copied out first.
  return (row) => decoder.decode(values.slice(offsets[row], offsets[row + 1]));
}

function textAtViews(column: TextViewColumn, nulls: Nulls): (row: number) => string {
  const views = openBytes(column.views, 16 * column.length, 32 * column.length + 65536);
  const read = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const buffers = column.buffers.map((bytes) => openBytes(bytes, 0));
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (row) => {
    if (nulls?.[row] === 1) return "";
    const length = read.getInt32(16 * row, true);
    if (length < 0) throw invalid("A text has a negative length.");
    if (length <= 12) return decoder.decode(views.slice(16 * row + 4, 16 * row + 4 + length));
    const buffer = buffers[read.getInt32(16 * row + 8, true)];
    const from = read.getInt32(16 * row + 12, true);
    if (buffer === undefined || from < 0 || from + length > buffer.length) {
      throw invalid("A text reaches outside of its buffer.");
    }
    return decoder.decode(buffer.slice(from, from + length));
  };
}

function invalid(message: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", message);
}
