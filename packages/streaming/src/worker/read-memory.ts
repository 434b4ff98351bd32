import { createKernels, TABLE_BYTES, WORKSPACE_BYTES, type Kernels } from "@lossflow/kernels";

/** Where a thread reads the bytes of files to. */
export interface ReadMemory {
  /** Gives `size` bytes, their content anything, that stand until the next call. */
  take(size: number): Uint8Array;
}

const PAGE = 65_536;
/** Longer reads, such as of a compressed batch, get memory of their own, which is given back: this one never shrinks. */
const MOST_BYTES = 32 * 2 ** 20;

/** Memory of the garbage collector's. */
export class PlainMemory implements ReadMemory {
  take(size: number): Uint8Array {
    return new Uint8Array(size);
  }
}

/** The memory of kernels: what is read into it they fold where it stands. */
export class KernelReadMemory implements ReadMemory {
  readonly #memory = new WebAssembly.Memory({ initial: (TABLE_BYTES + WORKSPACE_BYTES) / PAGE });
  readonly kernels: Kernels = createKernels({ memory: this.#memory, workspace: TABLE_BYTES });

  take(size: number): Uint8Array {
    if (size > MOST_BYTES) return new Uint8Array(size);
    const at = TABLE_BYTES + WORKSPACE_BYTES;
    const missing = at + size - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return new Uint8Array(this.#memory.buffer, at, size);
  }
}
