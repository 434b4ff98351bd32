import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  DescriptorBudget,
  followRun,
  type FileState,
  type FollowedRun,
  type RunPosition,
} from "../src/node.ts";
import { RecordingSink } from "./support/recording-sink.ts";

let folder: string;
let file: string;
let sink: RecordingSink;
let states: FileState[];
let stop: AbortController;
let followed: FollowedRun;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-follow-"));
  file = join(folder, "train.log");
  sink = new RecordingSink();
  states = [];
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await followed.done;
  rmSync(folder, { recursive: true });
});

function follow(from?: RunPosition, path = file): void {
  followed = followRun({ name: "run", source: path, paths: [path] }, sink, {
    signal: stop.signal,
    pollMs: 5,
    onFile: (_path, state) => states.push(state),
    ...(from === undefined ? {} : { from }),
  });
}

const line = (step: number, loss: number): string => `{"step": ${step}, "loss": ${loss}}\n`;
const losses = (): number[] => sink.values("loss");
const shows = (values: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(losses()).toEqual(values), { timeout: 10_000, interval: 5 });

describe("a followed file", () => {
  test("is waited for, then read as it grows", async () => {
    follow();
    await vi.waitFor(() => expect(states).toEqual(["missing"]));
    writeFileSync(file, line(0, 3) + line(1, 2.5));
    await shows([3, 2.5]);
    appendFileSync(file, line(2, 2));
    await shows([3, 2.5, 2]);
    expect(states).toEqual(["missing", "found"]);
    expect(followed.reading().format).toBe("jsonl");
  });

  test("gives a line only when it is complete, also across a split character", async () => {
    writeFileSync(file, `${line(0, 3)}{"step": 1, "lo`);
    follow();
    await shows([3]);
    appendFileSync(file, 'ss": 2.5}\n');
    await shows([3, 2.5]);
    const bytes = new TextEncoder().encode('{"step": 2, "Verlust_ü": 2, "loss": 2}\n');
    appendFileSync(file, bytes.slice(0, 22));
    appendFileSync(file, bytes.slice(22));
    await shows([3, 2.5, 2]);
    expect(sink.values("Verlust_ü")).toEqual([2]);
  });

  test("that is renamed is drained before the new one is read", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    appendFileSync(file, line(1, 2.5));
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, line(2, 2));
    writeFileSync(file, line(3, 1.5));
    await shows([3, 2.5, 2, 1.5]);
    expect(states).toEqual(["found", "rotated"]);
    expect(followed.reading().segments).toBe(1);
  });

  test("that is renamed may be written to after the new one has begun", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    renameSync(file, `${file}.1`);
    writeFileSync(file, line(3, 1.5));
    await shows([3, 1.5]);
    appendFileSync(`${file}.1`, line(1, 2.5));
    await shows([3, 1.5, 2.5]);
    appendFileSync(file, line(4, 1));
    await shows([3, 1.5, 2.5, 1]);
    appendFileSync(`${file}.1`, line(2, 2));
    await shows([3, 1.5, 2.5, 1, 2]);
    expect(sink.events).toEqual([]);
    expect(followed.reading().segments).toBe(1);
  });

  test("whose path cannot be resolved for a while is looked for again", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    renameSync(file, `${file}.kept`);
    symlinkSync("train.log", file);
    await vi.waitFor(() => expect(states).toContain("unreadable"));
    unlinkSync(file);
    renameSync(`${file}.kept`, file);
    appendFileSync(file, line(1, 2.5));
    await shows([3, 2.5]);
  });

  test("that is a folder for a while is looked for again", async () => {
    mkdirSync(file);
    follow();
    await vi.waitFor(() => expect(states).toContain("unreadable"));
    rmSync(file, { recursive: true });
    writeFileSync(file, line(0, 3));
    await shows([3]);
  });

  test("that is truncated begins a new segment, and what was read stays counted", async () => {
    writeFileSync(file, line(0, 3) + line(1, 2.5));
    follow();
    await shows([3, 2.5]);
    truncateSync(file, 0);
    await vi.waitFor(() => expect(states).toContain("rewritten"));
    appendFileSync(file, line(0, 4));
    await shows([3, 2.5, 4]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["rewrite"]);
    expect(sink.points("loss").map(({ segment }) => segment)).toEqual([0, 0, 1]);
    expect(followed.reading().segments).toBe(2);
  });

  test("that is truncated and has grown past the old position is told by its first bytes", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    writeFileSync(file, line(10, 4) + line(11, 3.5) + line(12, 3.25));
    await shows([3, 4, 3.5, 3.25]);
    expect(sink.points("loss").map(({ segment }) => segment)).toEqual([0, 1, 1, 1]);
  });

  test("that is rewritten with the same beginning is told by the bytes before the position", async () => {
    const header = `step,loss,${"long_column_name,".repeat(20)}x\n`;
    writeFileSync(file, `${header}0,3\n`);
    follow();
    await shows([3]);
    writeFileSync(file, `${header}7,4\n8,3.5\n`);
    await shows([3, 4, 3.5]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["rewrite"]);
  });

  test("that is replaced at once is read anew", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    writeFileSync(`${file}.new`, line(0, 5) + line(1, 4));
    renameSync(`${file}.new`, file);
    await shows([3, 5, 4]);
    expect(states).toContain("rewritten");
  });

  test("that is copied and truncated goes on", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
    appendFileSync(file, line(1, 2));
    await shows([3, 2]);
  });

  test("that is removed and comes back is read anew", async () => {
    writeFileSync(file, line(0, 3));
    follow();
    await shows([3]);
    unlinkSync(file);
    await vi.waitFor(() => expect(states).toEqual(["found", "missing"]));
    writeFileSync(file, line(0, 2));
    await shows([3, 2]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["rewrite"]);
  });

  test("behind a link that is turned to another file is read there", async () => {
    writeFileSync(join(folder, "a"), line(0, 3));
    writeFileSync(join(folder, "b"), line(1, 2));
    symlinkSync(join(folder, "a"), file);
    follow();
    await shows([3]);
    symlinkSync(join(folder, "b"), `${file}.new`);
    renameSync(`${file}.new`, file);
    await shows([3, 2]);
  });
});

test("a saved position goes on without delivering a point twice or missing one", async () => {
  writeFileSync(file, `step,loss\n0,3\n1,2.5\n2,`);
  follow();
  await shows([3, 2.5]);
  const position = JSON.parse(JSON.stringify(followed.position())) as RunPosition;
  stop.abort();
  await followed.done;
  appendFileSync(file, "2\n3,1.5\n");
  stop = new AbortController();
  sink = new RecordingSink();
  follow(position);
  await shows([2, 1.5]);
  expect(sink.steps("loss")).toEqual([2, 3]);
});

test("a saved position of a file that was rewritten since begins anew", async () => {
  writeFileSync(file, line(0, 3) + line(1, 2.5));
  follow();
  await shows([3, 2.5]);
  const position = followed.position();
  stop.abort();
  await followed.done;
  writeFileSync(file, line(0, 9));
  stop = new AbortController();
  sink = new RecordingSink();
  follow(position);
  await shows([9]);
});

test("many files share few descriptors", async () => {
  const budget = new DescriptorBudget(3);
  const paths = Array.from({ length: 12 }, (_, i) => join(folder, `run-${i}.jsonl`));
  for (const path of paths) writeFileSync(path, line(0, 3));
  const sinks = paths.map(() => new RecordingSink());
  const runs = paths.map((path, i) =>
    followRun({ name: path, source: path, paths: [path] }, sinks[i]!, {
      signal: stop.signal,
      pollMs: 5,
      budget,
    }),
  );
  followed = runs[0]!;
  for (const path of paths) appendFileSync(path, line(1, 2));
  await vi.waitFor(() => expect(sinks.map((each) => each.values("loss"))).toEqual(paths.map(() => [3, 2])), {
    timeout: 10_000,
  });
  stop.abort();
  await Promise.all(runs.map((run) => run.done));
});
