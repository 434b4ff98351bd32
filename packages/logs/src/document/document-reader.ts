import { axisFromName, isCourseName, isMetricName } from "../axes.ts";
import type { ByteReader } from "../format.ts";
import { LineTally } from "../line-tally.ts";
import type { RunTrack } from "../run-track.ts";
import { JsonEvents, type JsonHandler } from "./json-events.ts";
import { addRecord, numberFromText, type Entry } from "./record.ts";

/** Scalars outside any record count where they are results, not settings. */
const RESULT =
  /(?:^|[_/ ])(?:loss|accuracy|acc|perplexity|ppl|f1|auc|bleu|wer|cer|reward|runtime|mse|mae|rmse)$/i;
const MOST_ENTRIES = 100_000;
const LIST_LIMIT = 4_000_000;

interface Frame {
  readonly kind: "object" | "array";
  readonly path: string;
  /** Inside an object that is a member of a list. */
  readonly record: boolean;
  key: string;
  /** The numbers of a list, while it holds nothing else. */
  numbers: number[] | null;
  /** Members of a list so far. */
  count: number;
}

interface List {
  readonly parent: string;
  readonly path: string;
  readonly numbers: readonly number[];
}

/** What is known of a document before it comes. */
export interface DocumentOptions {
  /** What only the end of the document tells is told by `end`, for it may turn out to be none. */
  readonly awaitsEnd?: boolean;
  /** It holds settings: none of its numbers is a result. */
  readonly settings?: boolean;
  /** Names the series of a list of `[wall time, step, value]`, as TensorBoard's page saves one. */
  readonly value?: string;
}

/**
 * Reads a JSON document of results, as it arrives: the objects of a list are records (`log_history`), an object whose
 * keys are steps is a series (`{"lm loss": {"values": {"1": 10.5}}}`), lists of numbers are series by their place
 * (`{"loss": [..], "val_loss": [..]}`), and a document of nothing but results is one record. Settings are no series.
 */
export class DocumentReader implements ByteReader, JsonHandler {
  readonly tally: LineTally = new LineTally();
  readonly formatId: string;
  readonly #track: RunTrack;
  readonly #events: JsonEvents = new JsonEvents(this);
  readonly #frames: Frame[] = [];
  #entries: Entry[] = [];
  #loose: Entry[] = [];
  #lists: List[] = [];
  /** The list that the record at hand is a member of. */
  #recordOf = "";
  /** Names of the numbers in a record's lists, as CatBoost gives them: `meta/learn_metrics` for `learn`. */
  readonly #listNames = new Map<string, string[]>();
  #listed = 0;
  #found = false;
  #lineOpen = false;

  readonly #options: DocumentOptions;
  #awaited = false;

  constructor(track: RunTrack, formatId: string, options: DocumentOptions = {}) {
    this.#track = track;
    this.formatId = formatId;
    this.#options = options;
  }

  /** What came so far is no document that goes on: it is whole, or cannot be read as one. */
  get isOver(): boolean {
    return this.#events.broken || !this.#events.unfinished;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.tally.read++;
    this.#lineOpen = bytes.at(-1) !== 10;
    this.#events.write(bytes);
  }

  end(): void {
    if (this.#lineOpen) this.tally.read++;
    this.#lineOpen = false;
    this.#events.end();
    if (this.#awaited) this.#endDocument();
    if (this.#events.unfinished || this.#events.broken) {
      this.#track.incident(
        "truncated",
        this.#events.broken
          ? "The document stops being JSON before its end; what was complete before is read."
          : "The document ends before it is complete; what was complete before is read.",
        { alone: true },
      );
      this.#endDocument();
    }
  }

  open(kind: "object" | "array"): void {
    const parent = this.#frames.at(-1);
    const member = parent?.kind === "array";
    const inside = parent?.record ?? false;
    const record = inside || (member && kind === "object" && this.#frames.length <= 3);
    if (record && !inside) {
      this.#entries = [];
      this.#recordOf = this.#pathOf(parent);
    }
    this.#frames.push({
      kind,
      path: record && !inside ? "" : this.#pathOf(parent),
      record,
      key: "",
      numbers: kind === "array" && !record ? [] : null,
      count: 0,
    });
    if (parent !== undefined) parent.numbers = null;
  }

  close(): void {
    const frame = this.#frames.pop()!;
    const parent = this.#frames.at(-1);
    if (frame.record && parent?.record !== true) this.#endRecord();
    else if (frame.numbers !== null && frame.numbers.length > 0 && parent?.kind === "object") {
      this.#lists.push({ parent: parent.path, path: frame.path, numbers: frame.numbers });
    } else if (frame.numbers?.length === 3 && parent?.kind === "array" && this.#frames.length === 1)
      this.#stamped(frame.numbers);
    if (parent !== undefined) return;
    if (this.#options.awaitsEnd === true) this.#awaited = true;
    else this.#endDocument();
  }

  key(name: string): void {
    this.#frames.at(-1)!.key = name;
  }

  number(value: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || this.#options.settings === true) return;
    if (frame.kind === "array") {
      if (frame.numbers !== null && this.#listed++ < LIST_LIMIT) frame.numbers.push(value);
      else if (frame.record) this.#member(frame, value);
    } else if (frame.record) this.#entry(this.#entries, frame, value);
    else if (/^\d+$/.test(frame.key)) this.#stepped(frame, value);
    else this.#entry(this.#loose, frame, value);
  }

  string(text: string): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || this.#options.settings === true) return;
    if (frame.kind === "array") {
      // As JSON has no NaN, TensorBoard quotes it.
      if (/^(?:NaN|-?Infinity)$/.test(text)) this.number(Number(text));
      else frame.numbers = null;
    } else if (frame.record) this.#entry(this.#entries, frame, text);
    else if (/^\d+$/.test(frame.key) && numberFromText(text) !== null)
      this.#stepped(frame, numberFromText(text)!);
    else if (numberFromText(text) !== null) this.#entry(this.#loose, frame, text);
  }

  literal(): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind === "array") frame.numbers = null;
  }

  #entry(entries: Entry[], frame: Frame, value: number | string): void {
    if (entries.length >= MOST_ENTRIES || frame.path.includes("[]")) return;
    entries.push({ path: frame.path === "" ? frame.key : `${frame.path}/${frame.key}`, value });
  }

  /** A number in a list of a record counts where a name for its place was given. */
  #member(frame: Frame, value: number): void {
    const name = this.#listNames.get(frame.path)?.[frame.count++];
    if (name !== undefined && this.#entries.length < MOST_ENTRIES)
      this.#entries.push({ path: `${frame.path}/${name}`, value });
  }

  #stepped(frame: Frame, value: number): void {
    const name = frame.path.replace(/\/values$/, "");
    if (name === "" || name === "values") return;
    // The keys of a vocabulary are digits too.
    if (name === frame.path && !isMetricName(name) && !isCourseName(name)) return;
    this.#found = true;
    this.#track.begin(Number(frame.key), NaN, NaN, -1);
    this.#track.point(this.#track.series(name), value);
  }

  #stamped([time, step, value]: readonly number[]): void {
    if (!(time! > 1e8) || !Number.isInteger(step)) return;
    this.#found = true;
    this.#track.begin(step!, NaN, time!, -1);
    this.#track.point(this.#track.series(this.#options.value ?? "value"), value!);
  }

  #endRecord(): void {
    const named = /(?:^|\/)(learn|test)_metrics\/\[\]$/.exec(this.#recordOf)?.[1];
    if (named !== undefined) {
      const name = this.#entries.find(({ path }) => path === "name")?.value;
      const names = this.#listNames.get(named) ?? [];
      if (typeof name === "string" && names.length < 1000) this.#listNames.set(named, [...names, name]);
    }
    const measured = this.#entries.some(({ path }) => axisFromName(path) !== null || isMetricName(path));
    if (measured && addRecord(this.#track, this.#entries) > 0) this.#found = true;
    this.#entries = [];
  }

  #endDocument(): void {
    const parents = new Set(this.#lists.filter(({ path }) => isMetricName(path)).map(({ parent }) => parent));
    for (const list of this.#lists) {
      if (!parents.has(list.parent) || axisFromName(list.path) !== null) continue;
      this.#found = true;
      this.#addList(list);
    }
    const results = this.#loose.some(({ path }) => RESULT.test(path));
    if (!this.#found && results) addRecord(this.#track, this.#loose);
    this.#lists = [];
    this.#loose = [];
  }

  #addList({ parent, path, numbers }: List): void {
    const beside = (axis: "step" | "epoch"): readonly number[] | undefined =>
      this.#lists.find(
        (other) =>
          other.parent === parent &&
          axisFromName(other.path) === axis &&
          other.numbers.length === numbers.length,
      )?.numbers;
    const steps = beside("step");
    const epochs = beside("epoch");
    const series = this.#track.series(path);
    numbers.forEach((value, i) => {
      this.#track.begin(steps?.[i] ?? epochs?.[i] ?? i, epochs?.[i] ?? NaN, NaN, -1);
      this.#track.point(series, value);
    });
  }

  #pathOf(parent: Frame | undefined): string {
    if (parent === undefined) return "";
    const key = parent.kind === "array" ? "[]" : parent.key;
    return parent.path === "" ? key : `${parent.path}/${key}`;
  }
}
