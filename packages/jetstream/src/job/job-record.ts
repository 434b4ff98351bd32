import { randomBytes } from "node:crypto";
import { LossflowError } from "@lossflow/core";
import { StorageType } from "@nats-io/jetstream";
import { Kvm, type KV } from "@nats-io/kv";
import type { Nats } from "../nats/connect.ts";
import type { Design } from "../nats/job-streams.ts";
import { isStale } from "../nats/nats-error.ts";
import { retrying } from "../nats/retrying.ts";

/** Bucket of the jobs that workers find, and the stream that it is. */
const BUCKET = "lossflow-jobs";
const STREAM = `KV_${BUCKET}`;
const SUBJECT = `$KV.${BUCKET}.`;
const VERSION = 2;
/** A job whose submitter died is forgotten after this long, as its streams are. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** What is in the way of taking a job away is not waited for longer than this. */
const REMOVE_MS = 5_000;

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
  /** Tells the files of the job from others. */
  readonly sources: string;
  /** Of its streams and subjects: another in each job, so that nothing late of an earlier one of its name gets in. */
  readonly key: string;
}

/** What a submitter says of a job. */
export type JobDescription = Omit<JobRecord, "version" | "key">;

/** The jobs on the servers. */
export class Jobs {
  readonly #nats: Nats;
  readonly #bucket: KV;
  /** What was found when the bucket's last sequence was this. */
  #seen = -1;
  #listed = new Map<string, JobRecord>();

  private constructor(nats: Nats, bucket: KV) {
    this.#nats = nats;
    this.#bucket = bucket;
  }

  static async open(nats: Nats, replicas: number, signal: AbortSignal): Promise<Jobs> {
    const options = { history: 1, ttl: KEPT_MS, storage: StorageType.File, max_bytes: 2 ** 26, replicas };
    const kvm = new Kvm(nats.jetstream);
    const make = (): Promise<KV> => kvm.create(BUCKET, options);
    return new Jobs(nats, await retrying(nats, `Making the bucket ${BUCKET}`, make, signal));
  }

  /**
   * Finds the key of a job that is there already, as after its submitter died, or makes one.
   * @throws LF_JOB_EXISTS where another job has the name
   */
  async keyOf(id: string, job: JobDescription, signal: AbortSignal): Promise<string> {
    const found = await this.get(id, signal);
    if (found === undefined) return `${id}-${randomBytes(6).toString("hex")}`;
    const same = (Object.keys(job) as (keyof JobDescription)[]).every((name) => job[name] === found[name]);
    if (!same) throw exists(id);
    return found.key;
  }

  /** Makes a job known to workers. @throws LF_JOB_EXISTS where somebody else has just done so */
  async add(id: string, job: JobDescription, key: string, signal: AbortSignal): Promise<void> {
    const record: JobRecord = { version: VERSION, ...job, key };
    const create = (): Promise<number> => this.#bucket.create(id, JSON.stringify(record));
    try {
      await retrying(this.#nats, `Submitting job ${id}`, create, signal);
    } catch (error) {
      if (!isStale(error)) throw error;
      if ((await this.get(id, signal))?.key !== key) throw exists(id);
    }
  }

  /** Takes a job away, without a trace, unless another has its name by now. */
  async remove(id: string, key: string): Promise<void> {
    if ((await this.get(id, AbortSignal.timeout(REMOVE_MS)))?.key !== key) return;
    await this.#nats.manager.streams.purge(STREAM, { filter: SUBJECT + id });
  }

  /** Asks the leader, since a replica may lag. Jobs of other versions are for other workers. */
  async get(id: string, signal: AbortSignal): Promise<JobRecord | undefined> {
    const query = { last_by_subj: SUBJECT + id };
    const read = (): ReturnType<Nats["manager"]["streams"]["getMessage"]> =>
      this.#nats.manager.streams.getMessage(STREAM, query);
    const message = await retrying(this.#nats, `Reading job ${id}`, read, signal);
    if (message === null || message.data.length === 0) return undefined;
    const record = JSON.parse(message.string()) as JobRecord;
    return record.version === VERSION ? record : undefined;
  }

  /** The jobs there are, by id. */
  async list(signal: AbortSignal): Promise<ReadonlyMap<string, JobRecord>> {
    const query = { subjects_filter: `${SUBJECT}>` };
    const info = (): ReturnType<Nats["manager"]["streams"]["info"]> =>
      this.#nats.manager.streams.info(STREAM, query);
    const { state } = await retrying(this.#nats, "Listing the jobs", info, signal);
    const changed = state.last_seq !== this.#seen;
    const listed = new Map<string, JobRecord>();
    for (const subject of Object.keys(state.subjects ?? {})) {
      const id = subject.slice(SUBJECT.length);
      const record = changed ? await this.get(id, signal) : this.#listed.get(id);
      if (record !== undefined) listed.set(id, record);
    }
    this.#listed = listed;
    this.#seen = state.last_seq;
    return listed;
  }
}

function exists(id: string): LossflowError {
  return new LossflowError(
    "LF_JOB_EXISTS",
    `A job named ${id} is there already, over other sources, or with other losses, columns, engine or design; give this one another name.`,
  );
}
