/**
 * Bytes that can be read at a position: a file, a buffer in memory, or a stream that is read once from its beginning.
 * It belongs to whoever opened it, and is closed by them.
 */
export interface ByteSource {
  /** What refusals call it: the path as given, or a word such as "bytes". */
  readonly name: string;
  /** Total length; undefined for a stream, whose end is found by reading. */
  readonly size: number | undefined;
  /**
   * Reads `length` bytes at `at`, fewer only where the source ends. The result may be a view of memory that the source
   * keeps; it is not to be written.
   */
  read(at: number, length: number): Promise<Uint8Array>;
  /** Reads into `target` where that spares a copy. Gives the count read, short only at the end. */
  readInto?(at: number, target: Uint8Array): Promise<number>;
  /** The open file behind it, where there is one: any thread of this process can read it. */
  readonly file?: OpenFile;
  /** Nothing before `position` will be read again; a stream may drop it. */
  release?(position: number): void;
  close(): Promise<void>;
}

export interface OpenFile {
  readonly descriptor: number;
  /** Keeps the file open, though its source be closed, until what this gives is called. */
  hold(): () => void;
}
