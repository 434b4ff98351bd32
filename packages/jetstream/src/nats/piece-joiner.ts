/** A message of a log: one piece of a chunk. */
export interface Piece {
  /** Where it stands in the log. */
  readonly position: number;
  readonly chunk: number;
  /** Which of its pieces, from 0. */
  readonly piece: number;
  readonly pieces: number;
  readonly bytes: Uint8Array;
}

/** Joins the pieces of chunks that come mingled, twice or cut off; what is no piece of a chunk is dropped. */
export class PieceJoiner {
  readonly #open = new Map<
    number,
    { readonly position: number; readonly parts: (Uint8Array | undefined)[] }
  >();

  /** Takes a piece; gives the chunk once all of it is there. */
  add({ position, chunk, piece, pieces, bytes }: Piece): { chunk: number; bytes: Uint8Array } | undefined {
    if (!(piece < pieces) || Number.isNaN(chunk)) return undefined;
    if (pieces === 1) return { chunk, bytes };
    let open = this.#open.get(chunk);
    if (open?.parts.length !== pieces) {
      open = { position, parts: Array.from<Uint8Array | undefined>({ length: pieces }) };
      this.#open.set(chunk, open);
    }
    open.parts[piece] = bytes;
    if (open.parts.includes(undefined)) return undefined;
    this.#open.delete(chunk);
    return { chunk, bytes: joined(open.parts as Uint8Array[]) };
  }

  /** Where the first piece stands of a chunk that is not whole yet; `none` where all are. */
  firstOpen(none: number): number {
    let first = none;
    for (const { position } of this.#open.values()) first = Math.min(first, position);
    return first;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
