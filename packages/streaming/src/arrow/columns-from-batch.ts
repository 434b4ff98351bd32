import { LossflowError } from "@lossflow/core";
import {
  widthOfFormat,
  type Column,
  type ColumnBytes,
  type NumberColumn,
  type NumberFormat,
} from "../columns/column.ts";
import type { ArrowBatch, ArrowBuffer, ArrowNode } from "./message.ts";
import type { ArrowField } from "./schema.ts";
import { countNulls } from "./count-nulls.ts";
import { swapBytes } from "./swap-bytes.ts";

/** What building columns needs besides the batch itself. */
export interface BatchReading {
  readonly fields: readonly ArrowField[];
  readonly bigEndian: boolean;
  /** Whether the column at this position is asked for; the others are only counted. */
  readonly wanted: (field: number) => boolean;
  /** Chunks of a dictionary's values, in order. */
  readonly dictionary: (id: number) => readonly Column[];
  /** Rows to read. A range that is not the whole batch needs {@link canSplit} and a `from` that is a multiple of 8. */
  readonly from: number;
  readonly to: number;
  /** Gives bytes `start` to `end` of a buffer. */
  readonly take: (buffer: ArrowBuffer, start: number, end: number) => ColumnBytes;
}

/**
 * Builds the wanted columns of a batch, after checking that its nodes and buffers are those of the schema.
 * No value is touched: what a column holds is checked where it is read.
 * @throws LF_ARROW_INVALID
 */
export function columnsFromBatch(batch: ArrowBatch, reading: BatchReading): Column[] {
  const walk = new BatchWalk(batch, reading);
  const columns: Column[] = [];
  for (const [i, field] of reading.fields.entries()) {
    const wanted = reading.wanted(i);
    const column = walk.column(field, wanted, reading.from, reading.to, batch.length);
    if (wanted) columns.push(column);
  }
  walk.end();
  return columns;
}

/**
 * Checks that the nodes and buffers of a batch are those of the schema, and picks those of the wanted fields.
 * @throws LF_ARROW_INVALID
 */
export function partOfBatch(
  batch: ArrowBatch,
  fields: readonly ArrowField[],
  wanted: (field: number) => boolean,
): ArrowBatch {
  const walk = new BatchWalk(batch, {
    fields,
    bigEndian: false,
    wanted,
    dictionary: () => [],
    from: 0,
    to: batch.length,
    take: () => new Uint8Array(0),
  });
  const nodes: ArrowNode[] = [];
  const buffers: ArrowBuffer[] = [];
  const variadicCounts: number[] = [];
  for (const [i, field] of fields.entries()) {
    const start = walk.place();
    walk.column(field, false, 0, 0, batch.length);
    const end = walk.place();
    if (!wanted(i)) continue;
    nodes.push(...batch.nodes.slice(start.node, end.node));
    buffers.push(...batch.buffers.slice(start.buffer, end.buffer));
    variadicCounts.push(...batch.variadicCounts.slice(start.variadic, end.variadic));
  }
  walk.end();
  return { ...batch, nodes, buffers, variadicCounts };
}

/** Whether rows of these fields lie at fixed places, so that a range of them can be read alone. */
export function canSplit(fields: readonly ArrowField[], batch: ArrowBatch): boolean {
  const fixed = (field: ArrowField): boolean => {
    if (field.dictionary !== undefined) return true;
    const { kind } = field.type;
    if (kind === "fixed-list") return fixed(field.children[0]!);
    return kind === "number" || kind === "boolean" || kind === "null" || kind === "time";
  };
  return batch.codec === null && fields.every(fixed);
}

/** Walks nodes and buffers in the preorder in which the format lays them down. */
class BatchWalk {
  readonly #batch: ArrowBatch;
  readonly #reading: BatchReading;
  #node = 0;
  #buffer = 0;
  #variadic = 0;

  constructor(batch: ArrowBatch, reading: BatchReading) {
    this.#batch = batch;
    this.#reading = reading;
  }

  place(): { node: number; buffer: number; variadic: number } {
    return { node: this.#node, buffer: this.#buffer, variadic: this.#variadic };
  }

  end(): void {
    if (this.#node !== this.#batch.nodes.length) {
      throw invalid(`a batch has ${this.#batch.nodes.length} nodes where its schema has ${this.#node}`);
    }
    if (this.#buffer !== this.#batch.buffers.length) {
      throw invalid(`a batch has ${this.#batch.buffers.length} buffers where its schema has ${this.#buffer}`);
    }
  }

  /** Reads one field; `due` is the length that it must have, undefined under lists of variable size. */
  column(field: ArrowField, wanted: boolean, from: number, to: number, due: number | undefined): Column {
    const node = this.#nextNode();
    if (due !== undefined && node.length !== due) {
      throw invalid(`the column ${JSON.stringify(field.name)} has ${node.length} rows where ${due} are due`);
    }
    if (field.dictionary !== undefined) return this.#dictionaryColumn(field, node, wanted, from, to);
    const { type } = field;
    const length = to - from;
    switch (type.kind) {
      case "number":
        return this.#numbers(node, type.format, wanted, from, to);
      case "time": {
        const numbers = this.#numbers(node, type.format, wanted, from, to);
        return {
          kind: "time",
          type: type.name,
          unit: type.unit,
          length,
          bitOffset: 0,
          validity: null,
          numbers,
        };
      }
      case "boolean":
        return {
          kind: "boolean",
          length,
          bitOffset: 0,
          validity: this.#validity(node, wanted, from, to),
          values: this.#take(wanted, from >> 3, (to + 7) >> 3),
        };
      case "null":
        return { kind: "null", length, bitOffset: 0, validity: null };
      case "text":
        return {
          kind: "text",
          wide: type.wide,
          length,
          bitOffset: 0,
          validity: this.#validity(node, wanted, from, to),
          offsets: this.#swapped(this.#take(wanted), type.wide ? 8 : 4),
          values: this.#take(wanted),
        };
      case "text-view": {
        const validity = this.#validity(node, wanted, from, to);
        const views = this.#take(wanted);
        if (this.#reading.bigEndian && wanted) throw unsupported("views in big-endian byte order");
        const buffers = Array.from({ length: this.#variadicCount() }, () => this.#take(wanted));
        return { kind: "text-view", length, bitOffset: 0, validity, views, buffers };
      }
      case "list": {
        const validity = this.#validity(node, wanted, from, to);
        const offsets = this.#swapped(this.#take(wanted), type.wide ? 8 : 4);
        const childLength = this.#peekLength();
        const child = this.column(field.children[0]!, wanted, 0, childLength, undefined);
        return { kind: "list", wide: type.wide, length, bitOffset: 0, validity, offsets, child };
      }
      case "fixed-list": {
        const validity = this.#validity(node, wanted, from, to);
        const { size } = type;
        const inner = this.#peekLength();
        if (inner < node.length * size)
          throw invalid(`lists of ${size} hold ${inner} elements in ${node.length} rows`);
        const whole = from === 0 && to === node.length;
        const child = this.column(
          field.children[0]!,
          wanted,
          from * size,
          whole ? inner : to * size,
          undefined,
        );
        return { kind: "fixed-list", size, length, bitOffset: 0, validity, child };
      }
      default: {
        for (let i = 0; i < type.buffers; i++) this.#take(false);
        if (type.variadic) for (let i = this.#variadicCount(); i > 0; i--) this.#take(false);
        for (const child of field.children) this.column(child, false, 0, 0, undefined);
        return { kind: "unsupported", type: type.name, length, bitOffset: 0, validity: null };
      }
    }
  }

  #dictionaryColumn(field: ArrowField, node: ArrowNode, wanted: boolean, from: number, to: number): Column {
    const codes = this.#numbers(node, field.dictionary!.codes, wanted, from, to);
    const values = wanted ? this.#reading.dictionary(field.dictionary!.id) : [];
    return { kind: "dictionary", length: to - from, bitOffset: 0, validity: null, codes, values };
  }

  #numbers(node: ArrowNode, format: NumberFormat, wanted: boolean, from: number, to: number): NumberColumn {
    const width = widthOfFormat(format);
    return {
      kind: "number",
      format,
      length: to - from,
      bitOffset: 0,
      validity: this.#validity(node, wanted, from, to),
      values: this.#swapped(this.#take(wanted, from * width, to * width), width),
    };
  }

  #validity(node: ArrowNode, wanted: boolean, from: number, to: number): ColumnBytes | null {
    const buffer = this.#batch.buffers[this.#buffer];
    if (buffer !== undefined && buffer.length === 0) {
      this.#buffer++;
      if (node.nullCount > 0) throw invalid(`a column counts ${node.nullCount} nulls and marks none`);
      return null;
    }
    const bytes = this.#take(wanted, from >> 3, (to + 7) >> 3);
    const whole = from === 0 && to === node.length;
    if (
      whole &&
      bytes instanceof Uint8Array &&
      bytes.length > 0 &&
      countNulls(bytes, node.length) !== node.nullCount
    ) {
      throw invalid(`a column counts ${node.nullCount} nulls and marks ${countNulls(bytes, node.length)}`);
    }
    return bytes;
  }

  #take(wanted: boolean, start?: number, end?: number): ColumnBytes {
    const buffer = this.#batch.buffers[this.#buffer++];
    if (buffer === undefined) throw invalid("a batch has fewer buffers than its schema");
    if (!wanted) return new Uint8Array(0);
    if (this.#batch.codec !== null || start === undefined || end === undefined) {
      return this.#reading.take(buffer, 0, buffer.length);
    }
    if (end > buffer.length)
      throw invalid(`a buffer holds ${buffer.length} bytes where its rows need ${end}`);
    return this.#reading.take(buffer, start, end);
  }

  #swapped(bytes: ColumnBytes, width: number): ColumnBytes {
    if (!this.#reading.bigEndian || width === 1) return bytes;
    if (!(bytes instanceof Uint8Array)) throw unsupported("compressed data in big-endian byte order");
    return swapBytes(bytes, width);
  }

  #nextNode(): ArrowNode {
    const node = this.#batch.nodes[this.#node++];
    if (node === undefined) throw invalid("a batch has fewer nodes than its schema");
    return node;
  }

  #peekLength(): number {
    const node = this.#batch.nodes[this.#node];
    if (node === undefined) throw invalid("a batch has fewer nodes than its schema");
    return node.length;
  }

  #variadicCount(): number {
    const count = this.#batch.variadicCounts[this.#variadic++];
    if (count === undefined || count < 0 || count > this.#batch.buffers.length) {
      throw invalid("a batch has fewer variadic buffers than its schema");
    }
    return count;
  }
}

function invalid(why: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", `The Arrow data is damaged: ${why}.`);
}

function unsupported(what: string): LossflowError {
  return new LossflowError("LF_ARROW_UNSUPPORTED", `The Arrow data holds ${what}, which is not read.`);
}
