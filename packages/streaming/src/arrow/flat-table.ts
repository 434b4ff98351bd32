import { LossflowError } from "@lossflow/core";

/**
 * One table of a flatbuffer, read with every position checked: a position outside of the buffer, a vector longer than
 * it, or a field that its vtable does not hold ends in a refusal, never in bytes of something else.
 * Source: FlatBuffers binary format, flatbuffers.dev/internals.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableSize: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    check(view, at, 4);
    this.#vtable = at - view.getInt32(at, true);
    check(view, this.#vtable, 4);
    this.#vtableSize = view.getUint16(this.#vtable, true);
    if (this.#vtableSize < 4) throw invalid();
    check(view, this.#vtable, this.#vtableSize);
    check(view, at, view.getUint16(this.#vtable + 2, true));
  }

  /** Reads the root table of `bytes`. @throws LF_ARROW_INVALID */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    check(view, 0, 4);
    return new FlatTable(view, view.getUint32(0, true));
  }

  int8(field: number, otherwise: number): number {
    const at = this.#field(field, 1);
    return at === 0 ? otherwise : this.#view.getInt8(at);
  }

  int16(field: number, otherwise: number): number {
    const at = this.#field(field, 2);
    return at === 0 ? otherwise : this.#view.getInt16(at, true);
  }

  int32(field: number, otherwise: number): number {
    const at = this.#field(field, 4);
    return at === 0 ? otherwise : this.#view.getInt32(at, true);
  }

  /** A 64-bit integer that must be a safe one. */
  int64(field: number, otherwise: number): number {
    const at = this.#field(field, 8);
    return at === 0 ? otherwise : safeInt64(this.#view, at);
  }

  boolean(field: number): boolean {
    return this.int8(field, 0) !== 0;
  }

  text(field: number): string | undefined {
    const at = this.#reference(field);
    if (at === 0) return undefined;
    check(this.#view, at, 4);
    const length = this.#view.getUint32(at, true);
    check(this.#view, at + 4, length);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      new Uint8Array(this.#view.buffer, this.#view.byteOffset + at + 4, length).slice(),
    );
  }

  table(field: number): FlatTable | undefined {
    const at = this.#reference(field);
    return at === 0 ? undefined : new FlatTable(this.#view, at);
  }

  tables(field: number): FlatTable[] {
    const { at, length } = this.#vector(field, 4);
    return Array.from({ length }, (_, i) => {
      const entry = at + 4 * i;
      return new FlatTable(this.#view, entry + this.#view.getUint32(entry, true));
    });
  }

  /** A vector of structs of `size` bytes, read by `read`. */
  structs<T>(field: number, size: number, read: (view: DataView, at: number) => T): T[] {
    const { at, length } = this.#vector(field, size);
    return Array.from({ length }, (_, i) => read(this.#view, at + size * i));
  }

  /** Whether the field stands in the table at all. */
  has(field: number): boolean {
    return this.#field(field, 0) !== 0;
  }

  #vector(field: number, size: number): { at: number; length: number } {
    const at = this.#reference(field);
    if (at === 0) return { at: 0, length: 0 };
    check(this.#view, at, 4);
    const length = this.#view.getUint32(at, true);
    check(this.#view, at + 4, length * size);
    return { at: at + 4, length };
  }

  #reference(field: number): number {
    const at = this.#field(field, 4);
    return at === 0 ? 0 : at + this.#view.getUint32(at, true);
  }

  /** Position of a field, 0 where the table does not hold it. */
  #field(field: number, size: number): number {
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#vtableSize) return 0;
    const offset = this.#view.getUint16(this.#vtable + slot, true);
    if (offset === 0) return 0;
    check(this.#view, this.#at + offset, size);
    return this.#at + offset;
  }
}

/** Reads a 64-bit integer that must be a safe one. @throws LF_ARROW_INVALID */
export function safeInt64(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true));
  if (!Number.isSafeInteger(value)) throw invalid();
  return value;
}

function check(view: DataView, at: number, length: number): void {
  if (!(at >= 0 && length >= 0 && at + length <= view.byteLength)) throw invalid();
}

function invalid(): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", "The Arrow metadata is damaged: it points outside of itself.");
}
