import { LossflowError } from "@lossflow/core";

/** What assembly/index.ts exports. */
export interface WasmExports {
  readonly outcome: WebAssembly.Global<"i32">;
  prepare(workspace: number): void;
  clearState(state: number): void;
  settle(state: number): void;
  tablesEnd(): number;
  unreduced(
    kind: number,
    target: number,
    targetType: number,
    prediction: number,
    predictionType: number,
    rows: number,
    classes: number,
    out: number,
  ): number;
  gradient: WasmExports["unreduced"];
  fold(
    state: number,
    kind: number,
    target: number,
    targetType: number,
    prediction: number,
    predictionType: number,
    weight: number,
    weightType: number,
    start: number,
    rows: number,
    classes: number,
    firstRow: number,
    squares: boolean,
  ): number;
}

/** Compiles the kernels for one memory and writes their tables into its first 64 KiB. */
export function wasmInstance(memory: WebAssembly.Memory, bytes: Uint8Array<ArrayBuffer>): WasmExports {
  const isShared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  const module = new WebAssembly.Module(isShared ? forSharedMemory(bytes) : bytes);
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as WasmExports;
}

/**
 * Rewrites the import of the memory: "env" "memory", at least 1 page, becomes shared, at most 65,536 pages, which
 * any shared memory fits. Nothing else of the module knows the difference.
 */
function forSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const end = endOfImport(bytes);
  const shared = new Uint8Array(bytes.length + SHARED_LIMITS.length - LIMITS.length);
  shared.set(bytes.subarray(0, end - LIMITS.length));
  shared.set(SHARED_LIMITS, end - LIMITS.length);
  shared.set(bytes.subarray(end), end - LIMITS.length + SHARED_LIMITS.length);
  // The length of the section is one byte, before what is found.
  shared[end - IMPORT.length - 1]! += SHARED_LIMITS.length - LIMITS.length;
  return shared;
}

/** At least 1 page; shared, at least 1 page, at most 65,536, in the module's variable-length numbers. */
const LIMITS = [0, 1];
const SHARED_LIMITS = [3, 1, 0x80, 0x80, 4];
/** One import, "env" "memory", a memory of these limits. */
const IMPORT = [
  1,
  3,
  ...new TextEncoder().encode("env"),
  6,
  ...new TextEncoder().encode("memory"),
  2,
  ...LIMITS,
];

function endOfImport(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    if (IMPORT.every((byte, i) => bytes[at + i] === byte)) return at + IMPORT.length;
  }
  throw new LossflowError("LF_KERNEL_IMPORT", "The kernels' module does not import its memory as expected.");
}
