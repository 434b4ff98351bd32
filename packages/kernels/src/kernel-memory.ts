import { LossflowError } from "@lossflow/core";
import { kernelBytes } from "./kernel-bytes.ts";
import { wasmInstance, type WasmExports } from "./wasm-instance.ts";
import { STATE_BYTES } from "./state-record.ts";
import { columnType, type Column } from "./column.ts";

/** The tables of all kernels over one memory: its first bytes, the same for every instance. */
export const TABLE_BYTES = 65_536;
/** What one instance works in: 40 KiB of scratch and up to 64 running states. */
export const WORKSPACE_BYTES = 196_608;

/** Memory of the host's making, in which several instances may work at once. */
export interface SharedWorkspace {
  /** Its first {@link TABLE_BYTES} bytes are for the tables. */
  readonly memory: WebAssembly.Memory;
  /** Where this instance's {@link WORKSPACE_BYTES} bytes begin; a multiple of 64. */
  readonly workspace: number;
}

const SCRATCH_BYTES = 40_960;
const STATES = 64;
const PAGE = 65_536;
const HIGHEST = 2 ** 32 - PAGE;

/** The memory of one instance: tables, workspace, states, and copies of columns that stand elsewhere. */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly wasm: WasmExports;
  readonly #workspace: number;
  readonly #mayGrow: boolean;
  readonly #states = new Set<number>();
  /** The parameters that the workspace holds. */
  #parameters: readonly number[] | null = null;
  /** The memory's buffer when it was last asked for, which costs a call of the engine. */
  #buffer: ArrayBufferLike;
  /** Where columns are copied to: pages that were grown here. Those that a caller has grown are the caller's. */
  #copies: number;
  #copiesEnd: number;

  constructor(given?: SharedWorkspace | null, bytes: Uint8Array<ArrayBuffer> = kernelBytes()) {
    this.#mayGrow = (given ?? null) === null;
    const { memory, workspace } = given ?? {
      memory: new WebAssembly.Memory({ initial: (TABLE_BYTES + WORKSPACE_BYTES) / PAGE }),
      workspace: TABLE_BYTES,
    };
    checkWorkspace(memory, workspace);
    this.memory = memory;
    this.#workspace = workspace;
    this.#buffer = this.buffer;
    this.wasm = wasmInstance(this.memory, bytes);
    this.wasm.prepare(this.#workspace);
    this.#copies = workspace + WORKSPACE_BYTES;
    this.#copiesEnd = this.#copies;
  }

  get buffer(): ArrayBufferLike {
    return this.memory.buffer;
  }

  /** Where the workspace keeps the losses of a block. */
  get losses(): number {
    return this.#workspace;
  }

  /** Hands the kernels the parameters of a loss; arrays given here must not change afterwards. */
  setParameters(parameters: readonly number[]): void {
    if (parameters === this.#parameters) return;
    new Float64Array(this.buffer, this.#workspace + 8 * 4096, 512).set(parameters);
    this.#parameters = parameters;
  }

  /** Takes a running state, cleared. @throws LF_KERNEL_STATES where all are taken. */
  takeState(): number {
    for (let k = 0; k < STATES; k++) {
      const state = this.#workspace + SCRATCH_BYTES + k * STATE_BYTES;
      if (this.#states.has(state)) continue;
      this.#states.add(state);
      this.wasm.clearState(state);
      return state;
    }
    throw new LossflowError("LF_KERNEL_STATES", `One kernel keeps up to ${STATES} folds: free one first.`);
  }

  get statesLeft(): number {
    return STATES - this.#states.size;
  }

  freeState(state: number): void {
    this.#states.delete(state);
  }

  /**
   * Whether a column stands in this memory, so that it need not be copied. One that reaches up to 4 GiB does not count:
   * the address behind it would be 0.
   */
  holds(column: Column): boolean {
    const { buffer } = column;
    if (buffer !== this.#buffer) {
      // The memory may have grown. A column of what it was before has no length any more.
      this.#buffer = this.buffer;
      if (buffer !== this.#buffer) return false;
    }
    return column.byteOffset + column.byteLength <= HIGHEST;
  }

  /**
   * Gives the addresses of columns, copying those that stand elsewhere, and of `bytes` more. They hold until the next
   * call.
   * @throws LF_KERNEL_COPY where the memory is the host's and a column is not in it, or a column or `out` is in it and another
   *   is not: copies would overwrite it, and growing detach it.
   */
  place(columns: readonly Column[], bytes: number, out: Column | null = null): readonly number[] {
    const isInPlace = bytes === 0 && columns.every((column) => this.holds(column));
    if (isInPlace) return columns.map((column) => column.byteOffset);
    if (!this.#mayGrow) {
      throw new LossflowError(
        "LF_KERNEL_COPY",
        "Kernels in a memory of the host's making read and write there alone: put columns, and what is written into, there first.",
      );
    }
    if ((out !== null && this.holds(out)) || columns.some((column) => this.holds(column))) {
      throw new LossflowError(
        "LF_KERNEL_COPY",
        "Some columns stand in the kernels' memory and others do not: put all that a call reads and writes there, or nothing.",
      );
    }
    const sizes = columns.map((column) => (column.byteLength + 63) & ~63);
    let at = this.#makeRoom(sizes.reduce((sum, size) => sum + size, bytes));
    const places = sizes.map((size) => {
      const place = at;
      at += size;
      return place;
    });
    for (const [i, column] of columns.entries()) {
      const source = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
      new Uint8Array(this.buffer, places[i], column.byteLength).set(source);
    }
    return [...places, at];
  }

  /** Makes room for copies, behind what a caller has grown meanwhile. @returns where it begins */
  #makeRoom(size: number): number {
    if (this.#copies + size <= this.#copiesEnd) return this.#copies;
    const end = this.buffer.byteLength;
    if (end !== this.#copiesEnd) this.#copies = end;
    this.memory.grow(Math.ceil((this.#copies + size - end) / PAGE));
    this.#copiesEnd = this.buffer.byteLength;
    return this.#copies;
  }
}

/** @throws LF_KERNEL_WORKSPACE where there is no memory, or no workspace in it. */
function checkWorkspace(memory: unknown, workspace: unknown): void {
  const refusal = (why: string): LossflowError =>
    new LossflowError("LF_KERNEL_WORKSPACE", why, { got: String(workspace) });
  if (!(memory instanceof WebAssembly.Memory))
    throw refusal("Kernels work in a WebAssembly.Memory: give { memory, workspace }, or nothing.");
  const isPlace = typeof workspace === "number" && workspace >= TABLE_BYTES && workspace % 64 === 0;
  if (isPlace && workspace + WORKSPACE_BYTES <= memory.buffer.byteLength) return;
  throw refusal(
    `A kernel's workspace takes ${WORKSPACE_BYTES} bytes of the memory, from a multiple of 64 beyond ${TABLE_BYTES}; got ${String(workspace)}.`,
  );
}

/** The type of a column. @throws LF_KERNEL_COLUMN for what is no typed array. */
export function typeOf(column: unknown): number {
  const type = columnType(column);
  if (type >= 0) return type;
  throw new LossflowError(
    "LF_KERNEL_COLUMN",
    "Kernels read typed arrays: use the losses of @lossflow/core for others.",
  );
}
