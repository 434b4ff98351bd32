/**
 * Walks the fields of a protobuf message in place. After `next()` returned true, `field` is the number of the field,
 * and by `wire` its value: 0 in `low` and `high` (a 64-bit varint in two halves), 1 and 5 at `start` (8 or 4 bytes), 2
 * from `start` to `end`.
 */
export class ProtobufCursor {
  bytes: Uint8Array = new Uint8Array(0);
  field = 0;
  wire = 0;
  start = 0;
  end = 0;
  low = 0;
  high = 0;
  /** The message breaks off or is none. */
  broken = false;
  #at = 0;
  #limit = 0;

  /** Begins a message. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.#at = start;
    this.#limit = end;
    this.broken = false;
  }

  /** Moves to the next field; false at the end of the message or where it is broken. */
  next(): boolean {
    if (this.#at >= this.#limit) return false;
    this.#varint();
    this.field = this.low >>> 3;
    this.wire = this.low & 7;
    this.start = this.#at;
    switch (this.wire) {
      case 0:
        this.#varint();
        this.end = this.#at;
        break;
      case 1:
        this.end = this.start + 8;
        break;
      case 2:
        this.#varint();
        if (this.high !== 0) this.broken = true;
        this.start = this.#at;
        this.end = this.start + (this.low >>> 0);
        break;
      case 5:
        this.end = this.start + 4;
        break;
      default:
        this.broken = true;
    }
    if (this.end > this.#limit || this.field === 0) this.broken = true;
    this.#at = this.end;
    return !this.broken;
  }

  /** The signed 64-bit varint at hand as a number; exact up to 2^53. */
  get integer(): number {
    return (this.high | 0) * 4294967296 + (this.low >>> 0);
  }

  #varint(): void {
    const { bytes } = this;
    let at = this.#at;
    let byte = bytes[at]!;
    if (byte < 128 && at < this.#limit) {
      this.low = byte;
      this.high = 0;
      this.#at = at + 1;
      return;
    }
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= this.#limit) {
        this.broken = true;
        break;
      }
      byte = bytes[at++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) break;
    }
    this.low = low;
    this.high = high;
    this.#at = at;
  }
}
