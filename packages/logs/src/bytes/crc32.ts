/** CRC-32 by four tables, so that four bytes are taken at a time; `polynomial` is reversed. */
export class Crc32 {
  readonly #tables: Int32Array;

  constructor(polynomial: number) {
    const tables = new Int32Array(4 * 256);
    for (let i = 0; i < 256; i++) {
      let c = i;
      for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1;
      tables[i] = c;
    }
    for (let i = 256; i < tables.length; i++) {
      const before = tables[i - 256]!;
      tables[i] = tables[before & 255]! ^ (before >>> 8);
    }
    this.#tables = tables;
  }

  /** The checksum of the bytes from `start` to `end`, as an unsigned number. */
  of(bytes: Uint8Array, start: number, end: number): number {
    const t = this.#tables;
    let c = -1;
    let i = start;
    for (const stop = end - 3; i < stop; i += 4) {
      c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
      c = t[768 + (c & 255)]! ^ t[512 + ((c >>> 8) & 255)]! ^ t[256 + ((c >>> 16) & 255)]! ^ t[c >>> 24]!;
    }
    for (; i < end; i++) c = (c >>> 8) ^ t[(c ^ bytes[i]!) & 255]!;
    return (c ^ -1) >>> 0;
  }
}

/** The polynomial of zip, gzip and Ethernet (IEEE 802.3). */
export const IEEE: number = 0xedb88320 | 0;
/** Castagnoli's polynomial, of iSCSI and TFRecord. */
export const CASTAGNOLI: number = 0x82f63b78 | 0;
