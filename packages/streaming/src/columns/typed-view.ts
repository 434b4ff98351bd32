interface ViewMaker<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** Views `length` numbers at the beginning of `bytes`; copies only where they are not aligned. */
export function typedView<T>(bytes: Uint8Array, Maker: ViewMaker<T>, length: number): T {
  const size = length * Maker.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % Maker.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice(0, size);
  return new Maker(aligned.buffer, aligned.byteOffset, length);
}
