/**
 * Looks at bytes that may be none, from callers without types: null or a text, from a store that has lost them, an array, or
 * memory that was given away, which has no length. Of those there is no byte.
 */
export function viewOfBytes(bytes: Uint8Array): DataView {
  const isRead = ArrayBuffer.isView(bytes) && bytes.length > 0;
  const { buffer, byteOffset, length } = isRead ? bytes : new Uint8Array(0);
  return new DataView(buffer, byteOffset, length);
}
