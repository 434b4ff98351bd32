/** No structure of a Parquet footer nests deeper. */
const DEEPEST = 32;

/**
 * Walks one struct of the compact thrift protocol and throws where it runs past its bytes, nests without end, declares
 * lists longer than what is left, or spells a number in more than ten bytes: what would keep a decoder busy for ever.
 * @returns the position after the struct.
 * @throws RangeError
 * Source: Thrift compact protocol, github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function checkThrift(bytes: Uint8Array, at: number = 0): number {
  let position = at;

  const byte = (): number => {
    if (position >= bytes.length) throw new RangeError("it ends within a structure");
    return bytes[position++]!;
  };
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const next = byte();
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw new RangeError("a number has no end");
  };
  const skip = (size: number): void => {
    if (position + size > bytes.length) throw new RangeError("a text runs past its end");
    position += size;
  };
  const value = (type: number, depth: number): void => {
    switch (type) {
      case 1:
      case 2:
        return;
      case 3:
        return skip(1);
      case 4:
      case 5:
      case 6:
        varint();
        return;
      case 7:
        return skip(8);
      case 8:
        return skip(varint());
      case 9:
      case 10:
        return list(depth);
      case 12:
        return struct(depth + 1);
      default:
        throw new RangeError(`it holds a value of type ${type}`);
    }
  };
  const list = (depth: number): void => {
    const head = byte();
    const size = head >> 4 === 15 ? varint() : head >> 4;
    if (size > bytes.length - position) throw new RangeError(`a list declares ${size} entries`);
    const type = head & 15;
    for (let i = 0; i < size; i++) {
      // In a list a boolean takes a byte.
      if (type === 1 || type === 2) skip(1);
      else value(type, depth);
    }
  };
  const struct = (depth: number): void => {
    if (depth > DEEPEST) throw new RangeError(`it nests deeper than ${DEEPEST}`);
    for (;;) {
      const head = byte();
      if (head === 0) return;
      if (head >> 4 === 0) varint();
      value(head & 15, depth);
    }
  };
  struct(0);
  return position;
}
