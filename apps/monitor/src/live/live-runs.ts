import type { FormatChoice } from "@lossflow/logs";
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DescriptorBudget, type Run } from "@lossflow/logs/node";
import type { CopiedLogs } from "../cli/context.ts";
import { findRuns } from "../cli/find-runs.ts";
import { LiveRun } from "./live-run.ts";
import { sourcePrint } from "./source-print.ts";

/** How to follow sources. */
export interface LiveRunsOptions {
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** The id of a format, to skip detection. */
  readonly format?: FormatChoice | undefined;
  /** Tells which metrics are watched as losses are, whatever their names. */
  readonly judged?: ((name: string) => boolean) | null;
  /** The resolution that the points are kept in for charts, a power of two; they are not if it is not given. */
  readonly plots?: number | null;
  /** What sources and runs are called, where their files are copies. */
  readonly copied?: CopiedLogs | undefined;
  /** Takes sentences for the user: what is waited for. */
  readonly tell?: (sentence: string) => void;
}

/** Milliseconds between looks for files that are not there yet, and for new runs below folders and patterns. */
const TICK = 100;
const LOOK = 1_000;

/** Follows all runs of some sources, those included that appear later: files not there yet, new runs in a folder. */
export class LiveRuns {
  /** In the order they were found. */
  readonly runs: LiveRun[] = [];
  /** Resolves after the signal, or when every run has ended, as standard input does. Rejects where a reader fails. */
  readonly done: Promise<void>;
  readonly #sources: readonly string[];
  readonly #options: LiveRunsOptions;
  readonly #budget = new DescriptorBudget();
  readonly #known = new Set<string>();
  readonly #told = new Set<string>();
  /** Sources that may yet bring runs; those that name a missing file stand in `#absent` instead. */
  #open: readonly string[] = [];
  #absent: readonly string[] = [];
  #awaited: readonly string[] = [];
  #print = "";

  /** The sources that name a file that is not there, or hold no run yet. */
  get awaited(): readonly string[] {
    return this.#awaited;
  }

  constructor(sources: readonly string[], options: LiveRunsOptions) {
    this.#sources = sources;
    this.#options = options;
    this.done = this.#follow();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#options;
    const failed = new AbortController();
    const stop = AbortSignal.any([signal, failed.signal]);
    const following: Promise<void>[] = [];
    const failures: unknown[] = [];
    const look = (): void => {
      for (const run of this.#newRuns()) {
        const live = new LiveRun(run, {
          signal: stop,
          format: this.#options.format,
          budget: this.#budget,
          judged: this.#options.judged ?? null,
          plots: this.#options.plots ?? null,
          tell: (sentence) => this.#tell(sentence),
        });
        this.runs.push(live);
        following.push(
          live.done.catch((error: unknown) => {
            failures.push(error);
            failed.abort();
          }),
        );
      }
    };
    look();
    for (let waited = 0; !stop.aborted && this.#open.length + this.#absent.length > 0; waited += TICK) {
      await sleep(TICK);
      let due = this.#absent.some(isThere);
      if (this.#open.length > 0 && waited >= LOOK) {
        waited = 0;
        due ||= this.#hasChanged();
      }
      if (!stop.aborted && due) look();
    }
    await Promise.all(following);
    if (failures.length > 0) throw failures[0];
  }

  /** Whether a folder or a pattern may hold a new run since the last call. */
  #hasChanged(): boolean {
    const print = this.#open.map((source) => sourcePrint(source, this.#known)).join("\0\0");
    const changed = print !== this.#print;
    this.#print = print;
    return changed;
  }

  #newRuns(): Run[] {
    const { runs, refusals } = findRuns(this.#sources, this.#options.copied);
    const absent = refusals.filter(
      ({ source, error }) => error.code === "LF_SOURCE_MISSING" && !isPattern(source),
    );
    for (const { source } of absent) this.#tell(`There is no ${source} yet; waiting for it.`);
    for (const refusal of refusals) {
      if (!absent.includes(refusal)) this.#tell(`There is no run in ${refusal.source} yet; waiting for one.`);
    }
    this.#awaited = refusals.map(({ source }) => source);
    this.#absent = absent.map(({ source }) => source);
    this.#open = this.#sources.filter((source) => !this.#absent.includes(source) && mayBringMore(source));
    const taken = new Set(this.runs.map(({ name }) => name));
    return runs
      .filter(({ paths, asides = [] }) => ![...paths, ...asides].some((path) => this.#known.has(path)))
      .map((run) => {
        for (const path of [...run.paths, ...(run.asides ?? [])]) this.#known.add(path);
        return taken.has(run.name) ? { ...run, name: run.paths.at(-1)! } : run;
      });
  }

  #tell(sentence: string): void {
    if (this.#told.has(sentence)) return;
    this.#told.add(sentence);
    this.#options.tell?.(sentence);
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A folder or a pattern: a file is one run for ever. */
function mayBringMore(source: string): boolean {
  if (source === "-") return false;
  return isPattern(source) || statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isPattern(source: string): boolean {
  return /[*?[{]/.test(source) && !isThere(source);
}
