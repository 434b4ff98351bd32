import { createReadStream } from "node:fs";
import type { FormatChoice } from "../format.ts";
import { openReader, type LogReader } from "../open-reader.ts";
import { RunTrack } from "../run-track.ts";
import type { LogSink } from "../sink.ts";
import { DescriptorBudget } from "./descriptor-budget.ts";
import { FileFollower, type FilePosition } from "./file-follower.ts";
import { nextLook } from "./next-look.ts";
import { incidentsOf, readingOf, type RunReading } from "./read-run.ts";
import type { Run } from "./run.ts";

/** Where following a run stands; it can be saved as JSON. */
export type RunPosition = readonly FilePosition[];

/** What happens to a followed file besides its growing. */
export type FileState = "missing" | "found" | "rewritten" | "rotated" | "unreadable";

/** How to follow a run. */
export interface FollowOptions {
  /** Ends the following; `done` then resolves. */
  readonly signal: AbortSignal;
  /** The id of a format, or a pinned one, to skip detection. */
  readonly format?: FormatChoice;
  /**
   * Milliseconds between looks at the files; 100 if not given, so that a line is seen within 250. Thousands of files are
   * looked at every 150.
   */
  readonly pollMs?: number;
  /** Goes on from a saved position: what stood before it is read again for its context, but not delivered again. */
  readonly from?: RunPosition;
  /** Shared by all runs followed at once. */
  readonly budget?: DescriptorBudget;
  readonly onFile?: (path: string, state: FileState) => void;
  /** Called after each look at all files; `changed`: there was something new. */
  readonly onPass?: (changed: boolean) => void;
}

/** A run that is being followed. */
export interface FollowedRun {
  /** Resolves after the signal, or at the end of standard input; rejects with what the sink throws. */
  readonly done: Promise<void>;
  /** What the files told so far. */
  reading(): RunReading;
  /** What was read so far. */
  position(): RunPosition;
}

/**
 * Follows a run's files while they grow, are truncated, rewritten, renamed, replaced, removed and come back, or are not
 * there yet. Each rewrite opens a new segment and a `rewrite` event; the points of the old content stay counted.
 */
export function followRun(run: Run, sink: LogSink, options: FollowOptions): FollowedRun {
  const gate = new Gate(sink);
  const track = new RunTrack(gate);
  const budget = options.budget ?? new DescriptorBudget();
  const figures = run.paths.map((path) => new FollowedFile(path, track, gate, budget, options, run.part));
  const told = new Gate(incidentsOf(sink));
  const asides = (run.asides ?? []).map(
    (path) => new FollowedFile(path, new RunTrack(told), told, budget, options),
  );
  const files = [...figures, ...asides];
  const follow = async (): Promise<void> => {
    try {
      for (const file of files) await file.resume();
      while (!options.signal.aborted) {
        let changed = false;
        for (const file of files) if (!file.isQuiet && (await file.poll(options.signal))) changed = true;
        options.onPass?.(changed);
        if (files.every((file) => file.ended)) return;
        await nextLook(options.pollMs ?? 100);
      }
    } finally {
      for (const file of files) await file.close();
    }
  };
  return {
    done: follow(),
    reading: () =>
      readingOf(
        figures.flatMap((file) => file.readers),
        track,
      ),
    position: () => files.flatMap((file) => file.position ?? []),
  };
}

/** Holds points and events back while a saved position is caught up with. */
class Gate implements LogSink {
  readonly #sink: LogSink;
  shut = false;

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  series(name: string): number {
    return this.#sink.series(name);
  }

  point(...point: Parameters<LogSink["point"]>): void {
    if (!this.shut) this.#sink.point(...point);
  }

  event(event: Parameters<LogSink["event"]>[0]): void {
    if (!this.shut) this.#sink.event(event);
  }
}

class FollowedFile {
  readonly #path: string;
  readonly #part: string | undefined;
  readonly #track: RunTrack;
  readonly #gate: Gate;
  readonly #options: FollowOptions;
  readonly #follower: FileFollower | null;
  readonly #resumeAt: FilePosition | undefined;
  #reader: LogReader;
  readonly #past: LogReader[] = [];
  /** Reads the renamed file that the new one took over from. */
  #old: LogReader | null = null;
  #unsettled = false;
  ended = false;

  constructor(
    path: string,
    track: RunTrack,
    gate: Gate,
    budget: DescriptorBudget,
    options: FollowOptions,
    part?: string,
  ) {
    this.#path = path;
    this.#part = part;
    this.#track = track;
    this.#gate = gate;
    this.#options = options;
    this.#reader = this.#open();
    this.#resumeAt = options.from?.find((position) => position.path === path);
    const tell = (state: FileState): void => options.onFile?.(path, state);
    this.#follower =
      path === "-"
        ? null
        : new FileFollower(
            path,
            {
              bytes: (chunk) => {
                this.#unsettled = true;
                this.#reader.write(chunk);
              },
              rewritten: () => {
                this.#renew();
                this.#track.restart("rewrite", `${path} was rewritten; the points before it are superseded.`);
                tell("rewritten");
              },
              rotated: () => {
                this.#old = this.#reader;
                this.#renew();
                tell("rotated");
              },
              late: (chunk) => this.#readLate(chunk),
              retired: () => {
                this.#old?.end();
                this.#old = null;
              },
              missing: () => tell("missing"),
              found: () => tell("found"),
              unreadable: () => tell("unreadable"),
            },
            budget,
            this.#resumeAt,
          );
  }

  get readers(): readonly LogReader[] {
    return [...this.#past, this.#reader];
  }

  get position(): FilePosition | null {
    return this.#follower?.position ?? null;
  }

  /** Reads what stood before the saved position, silently. */
  async resume(): Promise<void> {
    if (this.#resumeAt === undefined || this.#resumeAt.offset === 0) return;
    this.#gate.shut = true;
    try {
      const stream = createReadStream(this.#path, { end: this.#resumeAt.offset - 1 });
      for await (const chunk of stream) this.#reader.write(chunk as Uint8Array);
      this.#reader.settle();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    } finally {
      this.#gate.shut = false;
    }
  }

  /** One look tells that nothing is new. */
  get isQuiet(): boolean {
    return !this.#unsettled && this.#follower?.isQuiet === true;
  }

  async poll(signal: AbortSignal): Promise<boolean> {
    if (this.#follower === null) return this.#standardInput(signal);
    const changed = await this.#follower.poll(signal);
    if (this.#unsettled) this.#unsettled = !this.#reader.settle();
    return changed;
  }

  async close(): Promise<void> {
    await this.#follower?.release();
  }

  /** What comes late stands before what the new file has told: its steps go back without a resume. */
  #readLate(chunk: Uint8Array): void {
    const { unordered } = this.#track;
    this.#track.unordered = true;
    this.#old?.write(chunk);
    this.#old?.settle();
    this.#track.unordered = unordered;
  }

  async #standardInput(signal: AbortSignal): Promise<boolean> {
    const stop = (): void => void process.stdin.destroy();
    signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const chunk of process.stdin) {
        this.#reader.write(chunk as Uint8Array);
        this.#reader.settle();
        this.#options.onPass?.(true);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
    if (!signal.aborted) this.#reader.end();
    this.ended = true;
    return true;
  }

  #renew(): void {
    if (this.#past.length < 16) this.#past.push(this.#reader);
    this.#reader = this.#open();
  }

  #open(): LogReader {
    return openReader({
      name: this.#path,
      sink: this.#gate,
      track: this.#track,
      ...(this.#part === undefined ? {} : { part: this.#part }),
      ...(this.#options.format === undefined ? {} : { format: this.#options.format }),
    });
  }
}
