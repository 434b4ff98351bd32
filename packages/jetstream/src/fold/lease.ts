import { isLossflowError } from "@lossflow/core";
import { StorageType } from "@nats-io/jetstream";
import { Kvm, type KV } from "@nats-io/kv";
import type { Nats } from "../nats/connect.ts";
import { isStale } from "../nats/nats-error.ts";
import { retrying } from "../nats/retrying.ts";
import { textFromToken, tokenFromText } from "../nats/subject-token.ts";

/** Bucket of all leases. */
const BUCKET = "lossflow-leases";
/** A lease that is not renewed for this long is free. */
const LEASE_MS = 3_000;
const RENEW_MS = 1_000;

/** Begins the names under which workers say that they are there, and whose arithmetic is theirs. */
const WORKER = "worker.";

/** Workers that are there. */
export interface Presence {
  /** Those that can share the work, since they have its arithmetic. */
  readonly workers: number;
  /** The arithmetic of others. */
  readonly others: readonly string[];
}

/**
 * Leases spread partitions over workers and spare double work, and tell how many workers there are. They fence nothing:
 * compare-and-set does.
 */
export class Leases {
  readonly #nats: Nats;
  readonly #bucket: KV;
  readonly #owner: string;
  readonly #engine: string;

  private constructor(nats: Nats, bucket: KV, owner: string, engine: string) {
    this.#engine = engine;
    this.#nats = nats;
    this.#bucket = bucket;
    this.#owner = owner;
  }

  static async open(
    nats: Nats,
    owner: string,
    engine: string,
    replicas: number,
    signal: AbortSignal,
  ): Promise<Leases> {
    // In a file even so: a bucket in memory is gone with its server, and no lease could be had again.
    const options = { history: 1, ttl: LEASE_MS, storage: StorageType.File, max_bytes: 2 ** 24, replicas };
    const bucket = await retrying(
      nats,
      `Making the bucket ${BUCKET}`,
      () => new Kvm(nats.jetstream).create(BUCKET, options),
      signal,
    );
    return new Leases(nats, bucket, owner, engine);
  }

  /** Which workers there are. */
  async countWorkers(signal: AbortSignal): Promise<Presence> {
    const prefix = `$KV.${BUCKET}.${WORKER}`;
    const info = (): ReturnType<Nats["manager"]["streams"]["info"]> =>
      this.#nats.manager.streams.info(`KV_${BUCKET}`, { subjects_filter: `${prefix}>` });
    const { state } = await retrying(this.#nats, "Counting the workers", info, signal);
    const engines = Object.keys(state.subjects ?? {}).map((subject) =>
      textFromToken(subject.slice(prefix.length).split(".")[0]!),
    );
    const others = engines.filter((engine) => engine !== this.#engine);
    return { workers: engines.length - others.length, others: [...new Set(others)] };
  }

  /** Says that this worker is there while `work` runs. */
  async present(work: () => Promise<void>): Promise<void> {
    const name = `${WORKER}${tokenFromText(this.#engine)}.${this.#owner}`;
    const say = (): void => void this.#bucket.put(name, "").catch(() => undefined);
    say();
    const again = setInterval(say, RENEW_MS);
    try {
      await work();
    } finally {
      clearInterval(again);
      // Without a trace: a mark that it was deleted would count as a worker.
      const filter = `$KV.${BUCKET}.${name}`;
      await this.#nats.manager.streams.purge(`KV_${BUCKET}`, { filter }).catch(() => undefined);
    }
  }

  /** Runs `work` while the lease of `name` is held; false where another holds it. Its signal tells when it is lost. */
  async hold(
    name: string,
    signal: AbortSignal,
    work: (held: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    let revision: number;
    try {
      revision = await retrying(
        this.#nats,
        `Leasing ${name}`,
        () => this.#bucket.create(name, this.#owner),
        signal,
        LEASE_MS,
      );
    } catch (error) {
      // Nobody answers: others may hold it.
      if (isStale(error) || (isLossflowError(error) && error.code === "LF_NATS_UNAVAILABLE")) return false;
      throw error;
    }
    const lost = new AbortController();
    let renewed = performance.now();
    const renew = setInterval(() => {
      this.#bucket.update(name, this.#owner, revision, RENEW_MS).then(
        (next) => {
          revision = next;
          renewed = performance.now();
        },
        (error: unknown) => {
          if (isStale(error) || performance.now() - renewed > LEASE_MS) lost.abort();
        },
      );
    }, RENEW_MS);
    try {
      await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      clearInterval(renew);
      // Given back only if it is still ours.
      await this.#bucket.delete(name, { previousSeq: revision }).catch(() => undefined);
    }
    return true;
  }
}
