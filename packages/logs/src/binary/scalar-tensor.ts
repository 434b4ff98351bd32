import { ProtobufCursor } from "./protobuf.ts";

const FLOAT = 1;
const DOUBLE = 2;
const INT32 = 3;
const INT64 = 9;
const BFLOAT16 = 14;
const HALF = 19;

/** Reads a TensorProto that holds one number: 1 dtype, 2 shape, 4 tensor_content, 5 to 10 the typed values. */
export class ScalarTensor {
  value: number = NaN;
  readonly #tensor = new ProtobufCursor();
  readonly #shape = new ProtobufCursor();
  readonly #dimension = new ProtobufCursor();

  /** Returns whether the tensor is one number; it then is `value`. */
  read(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const tensor = this.#tensor;
    let type = 0;
    let size = 1;
    let found = false;
    tensor.open(bytes, start, end);
    while (tensor.next()) {
      const { field, wire } = tensor;
      if (field === 1 && wire === 0) type = tensor.low;
      else if (field === 2 && wire === 2) size = this.#sizeOf(bytes, tensor.start, tensor.end);
      else if (field === 4 && wire === 2) {
        const read = contentOf(view, tensor.start, tensor.end, type);
        if (read !== null) {
          this.value = read;
          found = true;
        }
      } else if (field === 5 && type === FLOAT && tensor.end - tensor.start >= 4) {
        this.value = view.getFloat32(tensor.start, true);
        found = true;
      } else if (field === 6 && type === DOUBLE && tensor.end - tensor.start >= 8) {
        this.value = view.getFloat64(tensor.start, true);
        found = true;
      } else if ((field === 7 && type === INT32) || (field === 10 && type === INT64)) {
        if (wire === 2 && !this.#packed(bytes, tensor.start, tensor.end)) continue;
        this.value = wire === 2 ? this.#dimension.integer : tensor.integer;
        found = true;
      }
    }
    return found && size === 1 && !tensor.broken;
  }

  /** Reads the first of packed varints. */
  #packed(bytes: Uint8Array, start: number, end: number): boolean {
    const framed = new Uint8Array(end - start + 1);
    framed[0] = 8;
    framed.set(bytes.subarray(start, end), 1);
    this.#dimension.open(framed, 0, framed.length);
    return this.#dimension.next();
  }

  #sizeOf(bytes: Uint8Array, start: number, end: number): number {
    const shape = this.#shape;
    let size = 1;
    shape.open(bytes, start, end);
    while (shape.next()) {
      if (shape.field !== 2 || shape.wire !== 2) continue;
      const dimension = this.#dimension;
      let length = 0;
      dimension.open(bytes, shape.start, shape.end);
      while (dimension.next()) if (dimension.field === 1 && dimension.wire === 0) length = dimension.integer;
      size *= length;
    }
    return size;
  }
}

function contentOf(view: DataView, start: number, end: number, type: number): number | null {
  const length = end - start;
  if (type === FLOAT && length === 4) return view.getFloat32(start, true);
  if (type === DOUBLE && length === 8) return view.getFloat64(start, true);
  if (type === INT32 && length === 4) return view.getInt32(start, true);
  if (type === INT64 && length === 8) return Number(view.getBigInt64(start, true));
  if (type === HALF && length === 2) return numberFromHalf(view.getUint16(start, true));
  if (type === BFLOAT16 && length === 2) return numberFromBfloat(view.getUint16(start, true));
  return null;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function numberFromHalf(bits: number): number {
  const sign = bits >> 15 === 1 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function numberFromBfloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 65536);
  return view.getFloat32(0);
}
