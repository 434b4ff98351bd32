import { WASM_BASE64 } from "../wasm.generated.ts";
import { powersOfFive } from "./powers-of-five.ts";
import { LONGEST_LINE, type LineProgram } from "./line-program.ts";

/** Fewer bytes, or lines of a shape, are not worth it. */
export const ENOUGH_BYTES: number = 1 << 12;
export const FEW_ROWS: number = 8;
/** The first lines of a shape are taken one by one, and found out more about. */
export const FIRST_ROWS: number = 128;
const BLOCK = 1 << 17;
const MOST_ROWS = 2048;
/** Doubles of all columns, and how far apart these begin: no multiple of 4 KiB, which would share cache lines. */
const NUMBERS = 1 << 16;
const APART = 8;
const PROGRAMS = 1 << 16;
const PAGE = 1 << 16;

/** What assembly/index.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  stopped(): number;
  fives(): number;
  leastPower(): number;
  mostPower(): number;
  run(program: number, from: number, most: number, out: number, stride: number): number;
}

/**
 * Reads runs of lines of one shape in WebAssembly: bytes in, a column of doubles for each number of the line out. What
 * it reads it reads exactly as a `LineTemplate` does; what is out of the ordinary it leaves.
 *
 * There is one, made when it is first asked for, whose memory all readers share: what it holds is good until another
 * asks.
 */
export class LineMachine {
  readonly #wasm: Exports;
  readonly #bytes: Uint8Array;
  readonly #stopped: Int32Array;
  readonly #numbers: Float64Array;
  readonly #programs: number;
  readonly #block: number;
  readonly #out: number;
  #programEnd: number;
  #generation = 0;
  #held: Uint8Array | null = null;
  #heldStart = 0;
  #heldEnd = 0;
  #stride = 0;
  #busy = false;
  /** The index after the lines last read. */
  next = 0;

  constructor() {
    const module = new WebAssembly.Module(Uint8Array.from(atob(WASM_BASE64), (c) => c.charCodeAt(0)));
    const wasm = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#programs = (wasm.heap() + 63) & ~63;
    this.#programEnd = this.#programs;
    this.#block = this.#programs + PROGRAMS + 64;
    this.#out = this.#block + BLOCK + 64;
    const missing = this.#out + 8 * NUMBERS - wasm.memory.buffer.byteLength;
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE));
    this.#wasm = wasm;
    this.#bytes = new Uint8Array(wasm.memory.buffer);
    this.#stopped = new Int32Array(wasm.memory.buffer, wasm.stopped(), 1);
    this.#numbers = new Float64Array(wasm.memory.buffer, this.#out, NUMBERS);
    new BigUint64Array(wasm.memory.buffer, wasm.fives()).set(
      powersOfFive(wasm.leastPower(), wasm.mostPower()),
    );
  }

  /** Keeps what was read as it is while it is taken: a sink may feed another reader meanwhile. */
  taking(take: () => void): void {
    this.#busy = true;
    try {
      take();
    } finally {
      this.#busy = false;
    }
  }

  /** Forgets the bytes that it holds: their owner may change them. */
  release(): void {
    this.#held = null;
  }

  /**
   * Reads lines of the program's shape that begin at `start`, with their ends; returns how many there were, at most
   * `most`, and leaves the index after them in `next`. `bytes` must not change before `release`.
   */
  run(program: LineProgram, bytes: Uint8Array, start: number, end: number, most: number = MOST_ROWS): number {
    if (this.#busy) return 0;
    const address = program.generation === this.#generation ? program.address : this.#load(program);
    if (address < 0) return 0;
    if (bytes !== this.#held || start < this.#heldStart || !this.#reaches(start, end)) {
      this.#hold(bytes, start, end);
    }
    const apart = Math.min(MOST_ROWS, Math.floor(NUMBERS / program.slots) - APART) + APART;
    const rows = this.#wasm.run(
      address,
      this.#block + start - this.#heldStart,
      Math.min(most, apart - APART),
      this.#out,
      8 * apart,
    );
    this.#stride = apart;
    this.next = this.#stopped[0]! - this.#block + this.#heldStart;
    return rows;
  }

  /** Number `slot` of each of the `rows` lines last read; good until the next run. */
  column(slot: number, rows: number): Float64Array {
    return this.#numbers.subarray(slot * this.#stride, slot * this.#stride + rows);
  }

  /** Copies the numbers of line `row` of those last read into `values`. */
  row(row: number, values: Float64Array): void {
    const numbers = this.#numbers;
    for (let k = 0, at = row; k < values.length; k++, at += this.#stride) values[k] = numbers[at]!;
  }

  /** Tells whether enough is held behind `start`. */
  #reaches(start: number, end: number): boolean {
    return this.#heldEnd >= Math.min(end, start + LONGEST_LINE);
  }

  #hold(bytes: Uint8Array, start: number, end: number): void {
    const stop = Math.min(end, start + BLOCK);
    this.#bytes.set(bytes.subarray(start, stop), this.#block);
    this.#bytes.fill(0, this.#block + stop - start, this.#block + stop - start + 64);
    this.#held = bytes;
    this.#heldStart = start;
    this.#heldEnd = stop;
  }

  /** Puts a program into the memory; where there is no room left, the others give way. -1: it is too long. */
  #load(program: LineProgram): number {
    const { code } = program;
    if (code.length > PROGRAMS || program.slots * (APART + 1) > NUMBERS) return -1;
    if (this.#programEnd + code.length > this.#programs + PROGRAMS) {
      this.#programEnd = this.#programs;
      this.#generation++;
    }
    this.#bytes.set(code, this.#programEnd);
    program.address = this.#programEnd;
    program.generation = this.#generation;
    this.#programEnd += code.length;
    return program.address;
  }
}

let shared: LineMachine | null | undefined;

/** The machine, or null where there is no WebAssembly with 128-bit vectors; lines are then read in the ordinary way. */
export function lineMachine(): LineMachine | null {
  if (shared === undefined) {
    try {
      shared = new LineMachine();
    } catch {
      shared = null;
    }
  }
  return shared;
}
