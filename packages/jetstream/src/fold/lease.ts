import type { Nats } from "../nats/connect.ts";
import { StorageType } from "@nats-io/jetstream";
import { Kvm, type KV } from "@nats-io/kv";
import { isStale } from "../nats/nats-error.ts";
import { retrying } from "../nats/retrying.ts";

/** Bucket of all leases. */
const BUCKET = "lossflow-leases";
/** A lease that is not renewed for this long is free. */
const LEASE_MS = 3_000;
const RENEW_MS = 1_000;

/** Begins the names under which workers say that they are there. */
const WORKER = "worker.";

/**
 * Leases spread partitions over workers and spare double work, and tell how many workers there are. They fence nothing:
 * compare-and-set does.
 */
export class Leases {
  readonly #bucket: KV;
  readonly #owner: string;

  private constructor(bucket: KV, owner: string) {
    this.#bucket = bucket;
    this.#owner = owner;
  }

  static async open(nats: Nats, owner: string, replicas: number, signal: AbortSignal): Promise<Leases> {
    // In a file even so: a bucket in memory is gone with its server, and no lease could be had again.
    const options = { history: 1, ttl: LEASE_MS, storage: StorageType.File, max_bytes: 2 ** 24, replicas };
    const bucket = await retrying(
      `Making the bucket ${BUCKET}`,
      () => new Kvm(nats.jetstream).create(BUCKET, options),
      signal,
    );
    return new Leases(bucket, owner);
  }

  /** How many workers there are. */
  async countWorkers(signal: AbortSignal): Promise<number> {
    return retrying(
      "Counting the workers",
      async () => {
        let count = 0;
        for await (const _ of await this.#bucket.keys(`${WORKER}>`)) count++;
        return count;
      },
      signal,
    );
  }

  /** Says that this worker is there while `work` runs. */
  async present(work: () => Promise<void>): Promise<void> {
    const say = (): void => void this.#bucket.put(WORKER + this.#owner, "").catch(() => undefined);
    say();
    const again = setInterval(say, RENEW_MS);
    try {
      await work();
    } finally {
      clearInterval(again);
      await this.#bucket.delete(WORKER + this.#owner).catch(() => undefined);
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
        `Leasing ${name}`,
        () => this.#bucket.create(name, this.#owner),
        signal,
        LEASE_MS,
      );
    } catch (error) {
      if (isStale(error)) return false;
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
