import { LossflowError } from "@lossflow/core";
import { StorageType } from "@nats-io/jetstream";
import { Kvm, type KV } from "@nats-io/kv";
import type { Nats } from "../nats/connect.ts";
import type { Design } from "../nats/job-streams.ts";
import { isStale } from "../nats/nats-error.ts";
import { retrying } from "../nats/retrying.ts";

/** Bucket of the jobs that workers find. */
const BUCKET = "lossflow-jobs";
const VERSION = 1;
/** A job whose submitter died is forgotten after this long, as its streams are. */
const KEPT_MS = 24 * 3600 * 1000;

/** A job as workers see it. */
export interface JobRecord {
  readonly version: number;
  readonly design: Design;
  /** What is done with every row, as the engine writes it. */
  readonly plan: string;
  /** Whose arithmetic; a worker that lacks it leaves the job alone. */
  readonly engine: string;
  /** In how many partitions a fold is cut. */
  readonly partitions: number;
}

/** The jobs on the servers. */
export class Jobs {
  readonly #bucket: KV;

  private constructor(bucket: KV) {
    this.#bucket = bucket;
  }

  static async open(nats: Nats, replicas: number, signal: AbortSignal): Promise<Jobs> {
    const options = { history: 1, ttl: KEPT_MS, storage: StorageType.File, max_bytes: 2 ** 26, replicas };
    const kvm = new Kvm(nats.jetstream);
    return new Jobs(await retrying(`Making the bucket ${BUCKET}`, () => kvm.create(BUCKET, options), signal));
  }

  /** Makes a job known to workers. @throws LF_JOB_EXISTS where another job has the name */
  async add(id: string, record: Omit<JobRecord, "version">, signal: AbortSignal): Promise<void> {
    const value = JSON.stringify({ version: VERSION, ...record });
    try {
      await retrying(`Submitting job ${id}`, () => this.#bucket.create(id, value), signal);
    } catch (error) {
      if (!isStale(error)) throw error;
      // A job of the same name goes on where it is the same job, as after its submitter died.
      const entry = await retrying(`Reading job ${id}`, () => this.#bucket.get(id), signal);
      if (entry?.string() === value) return;
      throw new LossflowError(
        "LF_JOB_EXISTS",
        `A job named ${id} is there already, with other losses, columns or design; give this one another name.`,
      );
    }
  }

  async remove(id: string): Promise<void> {
    await this.#bucket.purge(id);
  }

  async get(id: string, signal: AbortSignal): Promise<JobRecord | undefined> {
    const entry = await retrying(`Reading job ${id}`, () => this.#bucket.get(id), signal);
    return entry === null || entry.operation !== "PUT" ? undefined : recordFromText(entry.string());
  }

  /** The jobs there are, by id, oldest first. */
  async list(signal: AbortSignal): Promise<Map<string, JobRecord>> {
    return retrying(
      "Listing the jobs",
      async () => {
        const jobs: { readonly id: string; readonly revision: number; readonly record: JobRecord }[] = [];
        for await (const id of await this.#bucket.keys()) {
          const entry = await this.#bucket.get(id);
          const record =
            entry === null || entry.operation !== "PUT" ? undefined : recordFromText(entry.string());
          if (record !== undefined) jobs.push({ id, revision: entry!.revision, record });
        }
        jobs.sort((a, b) => a.revision - b.revision);
        return new Map(jobs.map(({ id, record }) => [id, record]));
      },
      signal,
    );
  }
}

/** Jobs of later versions are for later workers. */
function recordFromText(text: string): JobRecord | undefined {
  const record = JSON.parse(text) as JobRecord;
  return record.version === VERSION ? record : undefined;
}
