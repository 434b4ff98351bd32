/** FNV-1a, 32 bits, of `bytes[0 .. end)`: each step is one to one, so two inputs that differ in one byte never meet. */
export function sealOf(bytes: Uint8Array, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}
