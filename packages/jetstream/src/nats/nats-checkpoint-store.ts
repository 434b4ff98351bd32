import { createHash, randomUUID } from "node:crypto";
import { LossflowError } from "@lossflow/core";
import { Kvm, type KV } from "@nats-io/kv";
import type { Checkpoint, CheckpointStore } from "../log/checkpoint-store.ts";
import type { Nats } from "./connect.ts";
import { isStale } from "./nats-error.ts";
import { pieceBytes, piecesOf } from "./pieces.ts";
import { retrying } from "./retrying.ts";

/** First byte of a value: the state itself, or where its pieces lie. */
const WHOLE = 0;
const PIECES = 1;

/** Where the pieces of a long value lie, and their SHA-256 together. */
interface Reference {
  readonly prefix: string;
  readonly pieces: number;
  readonly seal: string;
}

/**
 * A key-value bucket as a store of checkpoints. A value too long for a message is put down in pieces under keys of its
 * own first; only the compare-and-set of the short value that names them makes them the checkpoint.
 */
export class NatsCheckpointStore implements CheckpointStore {
  readonly #nats: Nats;
  readonly #bucket: KV;
  /** What was saved here last under each name. */
  readonly #saved = new Map<string, { readonly revision: number; readonly pieces: Reference | undefined }>();

  private constructor(nats: Nats, bucket: KV) {
    this.#nats = nats;
    this.#bucket = bucket;
  }

  /** Opens a bucket that is there. */
  static async open(nats: Nats, bucket: string, signal: AbortSignal): Promise<NatsCheckpointStore> {
    const kvm = new Kvm(nats.jetstream);
    return new NatsCheckpointStore(
      nats,
      await retrying(nats, `Opening the bucket ${bucket}`, () => kvm.open(bucket), signal),
    );
  }

  async load(name: string, signal: AbortSignal): Promise<Checkpoint | undefined> {
    for (;;) {
      const entry = await retrying(this.#nats, `Reading ${name}`, () => this.#bucket.get(name), signal);
      if (entry === null || entry.operation !== "PUT") return undefined;
      const { revision } = entry;
      if (entry.value[0] === WHOLE) return { bytes: entry.value.slice(1), revision };
      const pieces = referenceFromValue(entry.value);
      if (pieces === undefined)
        throw new LossflowError("LF_STATE_UNKNOWN", `What stands under ${name} is no checkpoint.`);
      const bytes = await this.#join(pieces, signal);
      if (bytes !== undefined) return { bytes, revision };
      // Its pieces are gone or others: it has been replaced since it was read.
    }
  }

  async save(
    name: string,
    bytes: Uint8Array,
    last: number | undefined,
    signal: AbortSignal,
  ): Promise<number> {
    const before = last === undefined ? undefined : await this.#piecesOf(name, last, signal);
    const value = await this.#valueOf(name, bytes, signal);
    const revision = await this.#compareAndSet(name, value, last, signal);
    this.#saved.set(name, { revision, pieces: referenceFromValue(value) });
    if (before !== undefined) await this.#drop(before);
    return revision;
  }

  /** A lost answer may hide a success, so what stands there decides, not the error of a second try. */
  async #compareAndSet(
    name: string,
    value: Uint8Array,
    last: number | undefined,
    signal: AbortSignal,
  ): Promise<number> {
    try {
      return await retrying(
        this.#nats,
        `Saving ${name}`,
        () =>
          last === undefined ? this.#bucket.create(name, value) : this.#bucket.update(name, value, last),
        signal,
      );
    } catch (error) {
      if (!isStale(error)) throw error;
      const entry = await retrying(this.#nats, `Reading ${name}`, () => this.#bucket.get(name), signal);
      if (entry !== null && Buffer.compare(entry.value, value) === 0) return entry.revision;
      throw new LossflowError(
        "LF_CHECKPOINT_STALE",
        `Another worker has saved ${name} since it was read; its state counts.`,
        {},
        { cause: error },
      );
    }
  }

  async #valueOf(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const pieces = piecesOf(bytes, pieceBytes(this.#nats.connection));
    if (pieces.length === 1) {
      const value = new Uint8Array(1 + bytes.length);
      value[0] = WHOLE;
      value.set(bytes, 1);
      return value;
    }
    const reference: Reference = {
      prefix: `${name}.${randomUUID()}`,
      pieces: pieces.length,
      seal: createHash("sha256").update(bytes).digest("hex"),
    };
    for (const [i, piece] of pieces.entries()) {
      await retrying(
        this.#nats,
        `Saving ${name}`,
        () => this.#bucket.put(`${reference.prefix}.${i}`, piece),
        signal,
      );
    }
    return Buffer.concat([Uint8Array.of(PIECES), Buffer.from(JSON.stringify(reference))]);
  }

  async #join({ prefix, pieces, seal }: Reference, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    for (let i = 0; i < pieces; i++) {
      const entry = await retrying(
        this.#nats,
        `Reading ${prefix}`,
        () => this.#bucket.get(`${prefix}.${i}`),
        signal,
      );
      if (entry === null || entry.operation !== "PUT") return undefined;
      parts.push(entry.value);
    }
    const bytes = new Uint8Array(Buffer.concat(parts));
    return createHash("sha256").update(bytes).digest("hex") === seal ? bytes : undefined;
  }

  /** The pieces that a revision lies in, if it does. */
  async #piecesOf(name: string, revision: number, signal: AbortSignal): Promise<Reference | undefined> {
    const saved = this.#saved.get(name);
    if (saved?.revision === revision) return saved.pieces;
    const entry = await retrying(this.#nats, `Reading ${name}`, () => this.#bucket.get(name), signal);
    return entry?.revision === revision ? referenceFromValue(entry.value) : undefined;
  }

  async #drop({ prefix, pieces }: Reference): Promise<void> {
    // What is left behind goes with the bucket.
    await Promise.allSettled(Array.from({ length: pieces }, (_, i) => this.#bucket.purge(`${prefix}.${i}`)));
  }
}

function referenceFromValue(value: Uint8Array): Reference | undefined {
  if (value[0] !== PIECES) return undefined;
  return JSON.parse(new TextDecoder().decode(value.subarray(1))) as Reference;
}
