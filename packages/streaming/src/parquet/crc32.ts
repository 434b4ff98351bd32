/** Makes the function that computes the CRC-32 of bytes, as an unsigned number. Source: ISO 3309, as in gzip. */
export function createCrc32(): (bytes: Uint8Array) => number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
  return (bytes) => {
    let crc = -1;
    for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
    return (crc ^ -1) >>> 0;
  };
}
