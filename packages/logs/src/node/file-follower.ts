import { closeSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { DescriptorBudget } from "./descriptor-budget.ts";
import { takeTurn } from "./take-turn.ts";

const CHUNK = 1 << 18;
/** Bytes whose reading takes milliseconds: they wait for their turn. */
const LONG = 1 << 16;
const HEAD_PRINT = 256;
const TAIL_PRINT = 64;
/** How long a renamed file is still looked at after it was last written to: whoever holds it open may write late. */
const LATE_MS = 5_000;
const MISSING = "missing";

/** Where reading of a file stands; it can be saved as JSON and resumed from. */
export interface FilePosition {
  readonly path: string;
  /** Device and inode. */
  readonly id: string;
  /** Bytes read. */
  readonly offset: number;
  /** The first bytes and the last ones before the offset, in base64: they tell whether it is the same file still. */
  readonly head: string;
  readonly tail: string;
}

/** The position at `offset` of a file as it is now, to go on behind it; null where the file is shorter, or not there. */
export function positionIn(path: string, offset: number): FilePosition | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.size < offset) return null;
  const file = openSync(path, "r");
  try {
    const print = (from: number, to: number): string => {
      const bytes = new Uint8Array(to - from);
      readSync(file, bytes, 0, bytes.length, from);
      return base64FromBytes(bytes);
    };
    const head = print(0, Math.min(HEAD_PRINT, offset));
    const tail = print(Math.max(0, offset - TAIL_PRINT), offset);
    return { path, id: idOf(stats), offset, head, tail };
  } finally {
    closeSync(file);
  }
}

/** Takes what happens to a followed file. */
export interface FollowerSink {
  /** The next bytes; they are the follower's again after the call. Reading waits for what it gives. */
  bytes(chunk: Uint8Array): void | Promise<void>;
  /** The file was truncated, rewritten or replaced: what follows is a new content from its beginning. */
  rewritten(): void;
  /** The file was renamed and a new one stands in its place: the log goes on there. */
  rotated(): void;
  /** Bytes that came to the renamed file after that. */
  late(chunk: Uint8Array): void;
  /** The renamed file is looked at no more. */
  retired(): void;
  missing(): void;
  found(): void;
  /** The file cannot be read just now; it is tried again at the next poll. */
  unreadable(error: unknown): void;
}

/**
 * Follows one file by polling, without notifications, so that network file systems work too. The file's identity is its
 * inode, its size, and a print of its first bytes and of those before the position: that finds a truncation even where
 * the file has grown past the old position since. A renamed file is read until it has been quiet for one poll, then the
 * new one; what is still written to the old one within five seconds is read beside it.
 */
export class FileFollower {
  readonly path: string;
  readonly #sink: FollowerSink;
  readonly #budget: DescriptorBudget;
  #file: FileHandle | null = null;
  /** The renamed file that the new one took over from. */
  #old: { readonly file: FileHandle; offset: number; until: number } | null = null;
  #id = "";
  #offset = 0;
  #head: Uint8Array = new Uint8Array(0);
  #tail: Uint8Array = new Uint8Array(0);
  /** What the last look at the path found; a look that finds the same needs no reading. */
  #seen: Stats | typeof MISSING | null = null;
  #known = false;
  #gone = true;
  #leaving = false;
  #busy = false;
  #unwanted = false;

  constructor(path: string, sink: FollowerSink, budget: DescriptorBudget, from?: FilePosition) {
    this.path = path;
    this.#sink = sink;
    this.#budget = budget;
    if (from !== undefined) {
      this.#id = from.id;
      this.#offset = from.offset;
      this.#head = bytesFromBase64(from.head);
      this.#tail = bytesFromBase64(from.tail);
      this.#known = true;
    }
  }

  get position(): FilePosition {
    return {
      path: this.path,
      id: this.#id,
      offset: this.#offset,
      head: base64FromBytes(this.#head),
      tail: base64FromBytes(this.#tail),
    };
  }

  /** One look at the path, and nothing is new: a poll would do nothing. */
  get isQuiet(): boolean {
    if (this.#busy || this.#old !== null || this.#seen === null) return false;
    try {
      return this.#isSeen(statSync(this.path, { throwIfNoEntry: false }));
    } catch {
      return false;
    }
  }

  /** Reads what is new; returns whether there was anything. */
  async poll(signal?: AbortSignal): Promise<boolean> {
    this.#busy = true;
    try {
      const late = this.#old !== null && (await this.#readLate(this.#old));
      const stats = statSync(this.path, { throwIfNoEntry: false });
      if (this.#isSeen(stats)) return late;
      const read = await this.#catchUp(stats, signal);
      this.#seen = read.settled ? (stats ?? MISSING) : null;
      return read.any || late;
    } catch (error) {
      this.#seen = null;
      this.#unwanted = true;
      if (!isStale(error)) this.#sink.unreadable(error);
      return false;
    } finally {
      this.#busy = false;
      if (this.#unwanted) await this.release();
    }
  }

  #isSeen(stats: Stats | undefined): boolean {
    const seen = this.#seen;
    if (stats === undefined) return seen === MISSING && this.#file === null;
    return (
      seen !== null &&
      seen !== MISSING &&
      seen.size === stats.size &&
      seen.mtimeMs === stats.mtimeMs &&
      seen.ctimeMs === stats.ctimeMs &&
      seen.ino === stats.ino &&
      seen.dev === stats.dev
    );
  }

  /** Closes the descriptor, after the poll at work; the next one that finds something new opens it again. */
  async release(): Promise<void> {
    this.#unwanted = this.#busy;
    if (this.#busy) return;
    await this.#retire();
    await this.#close();
  }

  /** Reads what came to the renamed file; returns whether there was anything. */
  async #readLate(old: { readonly file: FileHandle; offset: number; until: number }): Promise<boolean> {
    const buffer = new Uint8Array(CHUNK);
    let any = false;
    for (;;) {
      const { bytesRead } = await old.file.read(buffer, 0, CHUNK, old.offset);
      if (bytesRead === 0) break;
      any = true;
      old.offset += bytesRead;
      this.#sink.late(buffer.subarray(0, bytesRead));
    }
    if (any) old.until = Date.now() + LATE_MS;
    else if (Date.now() > old.until) await this.#retire();
    return any;
  }

  async #retire(): Promise<void> {
    const old = this.#old;
    if (old === null) return;
    this.#old = null;
    this.#sink.retired();
    await old.file.close();
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#budget.drop(this);
    await file?.close();
  }

  async #catchUp(
    stats: Stats | undefined,
    signal?: AbortSignal,
  ): Promise<{ any: boolean; settled: boolean }> {
    if (this.#file !== null && (stats === undefined || idOf(stats) !== this.#id)) {
      const any = await this.#drain(this.#file, signal);
      const replaced = stats !== undefined && (await this.#file.stat()).nlink === 0;
      if (stats === undefined && !this.#gone) this.#sink.missing();
      this.#gone = stats === undefined;
      if (stats === undefined || (!replaced && (any || !this.#leaving))) {
        this.#leaving = stats !== undefined;
        return { any, settled: false };
      }
      await this.#retire();
      if (replaced) await this.#close();
      else {
        this.#old = { file: this.#file, offset: this.#offset, until: Date.now() + LATE_MS };
        this.#file = null;
      }
      this.#forget();
      if (replaced) this.#sink.rewritten();
      else this.#sink.rotated();
    }
    this.#leaving = false;
    if (stats === undefined) {
      if (!this.#gone || this.#seen === null) this.#sink.missing();
      this.#gone = true;
      return { any: false, settled: true };
    }
    this.#file ??= await open(this.path, "r");
    await this.#budget.take(this);
    if (this.#gone) this.#sink.found();
    this.#gone = false;
    if (this.#known && !(await this.#isSame(this.#file))) {
      this.#forget();
      this.#sink.rewritten();
    }
    this.#id = idOf(await this.#file.stat());
    this.#known = true;
    return { any: await this.#drain(this.#file, signal), settled: true };
  }

  #forget(): void {
    this.#offset = 0;
    this.#head = new Uint8Array(0);
    this.#tail = new Uint8Array(0);
    this.#known = false;
  }

  /** Tells whether the file still begins with the bytes that were read first. */
  async #isSame(file: FileHandle): Promise<boolean> {
    if ((await file.stat()).size < this.#offset) return false;
    const bytes = new Uint8Array(this.#head.length);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytesRead === bytes.length && isEqual(bytes, this.#head);
  }

  /**
   * Reads to the end. Each read begins with the bytes before the position, so that what stands there and what follows
   * come from one moment: a file rewritten between two looks is noticed.
   */
  async #drain(file: FileHandle, signal?: AbortSignal): Promise<boolean> {
    const { size } = await file.stat();
    const buffer = new Uint8Array(TAIL_PRINT + Math.min(CHUNK, Math.max(4096, size - this.#offset)));
    let any = false;
    for (;;) {
      if (signal?.aborted === true) break;
      const before = this.#tail.length;
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset - before);
      if (bytesRead >= LONG) await takeTurn();
      if (!isEqual(buffer.subarray(0, Math.min(before, bytesRead)), this.#tail)) {
        this.#forget();
        this.#sink.rewritten();
        continue;
      }
      if (bytesRead === before) break;
      const chunk = buffer.subarray(before, bytesRead);
      if (this.#head.length < HEAD_PRINT) {
        this.#head = joined(this.#head, chunk.subarray(0, HEAD_PRINT - this.#head.length));
      }
      this.#offset += chunk.length;
      any = true;
      await this.#sink.bytes(chunk);
      this.#tail = joined(this.#tail, chunk.subarray(-TAIL_PRINT)).slice(-TAIL_PRINT);
    }
    return any;
  }
}

function idOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function isStale(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ESTALE" || error.code === "ENOENT");
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function base64FromBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function bytesFromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
