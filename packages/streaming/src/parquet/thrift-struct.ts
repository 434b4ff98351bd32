import { invalidParquet } from "./parquet-refusal.ts";

/** A value of the compact thrift protocol; integers beyond 2^53 lose their last bits, and no valid one is as large. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/** No structure of Parquet nests deeper. */
const DEEPEST = 32;

/**
 * A struct of the compact thrift protocol, its fields by number. A field that is not there, or is of another kind than
 * it is asked for as, reads as undefined.
 * Source: Thrift compact protocol, github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export class ThriftStruct {
  readonly #fields: ReadonlyMap<number, ThriftValue>;

  constructor(fields: ReadonlyMap<number, ThriftValue>) {
    this.#fields = fields;
  }

  int(field: number): number | undefined {
    const value = this.#fields.get(field);
    return typeof value === "number" ? value : undefined;
  }

  boolean(field: number): boolean | undefined {
    const value = this.#fields.get(field);
    return typeof value === "boolean" ? value : undefined;
  }

  text(field: number): string | undefined {
    const value = this.#fields.get(field);
    return value instanceof Uint8Array ? new TextDecoder().decode(value.slice()) : undefined;
  }

  struct(field: number): ThriftStruct | undefined {
    const value = this.#fields.get(field);
    return value instanceof ThriftStruct ? value : undefined;
  }

  list(field: number): readonly ThriftValue[] {
    const value = this.#fields.get(field);
    return Array.isArray(value) ? (value as readonly ThriftValue[]) : [];
  }

  structs(field: number): readonly ThriftStruct[] {
    return this.list(field).filter((value): value is ThriftStruct => value instanceof ThriftStruct);
  }
}

/**
 * Reads the struct at `at`. Lengths, nesting and the size of numbers are bounded by the bytes that are there.
 * @returns the struct, and the position behind it.
 * @throws LF_PARQUET_INVALID
 */
export function thriftStructAt(
  bytes: Uint8Array,
  at: number,
): { readonly struct: ThriftStruct; readonly end: number } {
  const reader = new ThriftReader(bytes, at);
  const struct = reader.struct(0);
  return { struct, end: reader.at };
}

class ThriftReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  struct(depth: number): ThriftStruct {
    if (depth > DEEPEST) throw invalidParquet(`a structure nests deeper than ${DEEPEST}`);
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return new ThriftStruct(fields);
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      fields.set(id, this.#value(head & 15, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return (this.#byte() << 24) >> 24;
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return this.#double();
      case 8:
        return this.#take(this.#varint());
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw invalidParquet(`a structure holds a value of type ${type}`);
    }
  }

  #list(depth: number): ThriftValue[] {
    const head = this.#byte();
    const type = head & 15;
    const size = head >> 4 === 15 ? this.#varint() : head >> 4;
    // Each entry takes a byte at least.
    if (size > this.#bytes.length - this.at) throw invalidParquet(`a list declares ${size} entries`);
    // In a list a boolean takes a byte, 1 for true.
    const isBoolean = type === 1 || type === 2;
    return Array.from({ length: size }, () => (isBoolean ? this.#byte() === 1 : this.#value(type, depth)));
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw invalidParquet("a structure ends too early");
    return byte;
  }

  #varint(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw invalidParquet("a number has no end");
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) throw invalidParquet("a text runs past its end");
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
