/** Copies `bytes` with the order of bytes in each word of `width` reversed: big-endian numbers made little-endian. */
export function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let word = 0; word + width <= bytes.length; word += width) {
    for (let i = 0; i < width; i++) swapped[word + i] = bytes[word + width - 1 - i]!;
  }
  return swapped;
}
