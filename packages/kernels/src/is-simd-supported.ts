/** Tells whether this machine runs WebAssembly with 128-bit vectors; where not, use the losses of @lossflow/core. */
export function isSimdSupported(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(SPLAT));
}

/** A module of one function: i32.const 0, i8x16.splat, drop. */
const SPLAT = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11,
];
