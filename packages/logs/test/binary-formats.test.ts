import { describe, expect, test } from "vitest";
import {
  bytesField,
  historyRecord,
  integer,
  message,
  scalarEvent,
  startEvent,
  tensorEvent,
  tfrecords,
  versionEvent,
  wandbFile,
} from "./support/binary-logs.ts";
import { readText } from "./support/recording-sink.ts";

const events = tfrecords(
  versionEvent,
  scalarEvent(0, 1.6e9, { "train/loss": 2.5, "train/acc": 0.25 }),
  scalarEvent(10, 1.6e9 + 1, { "train/loss": NaN }),
  tensorEvent(10, "val/loss", 2.25),
  tensorEvent(10, "weights", 1, "histograms"),
  tensorEvent(20, "weights", 1, "histograms"),
  scalarEvent(-1, 1.6e9 + 2, { "Verlust ü": Infinity }),
);

describe("tfevents", () => {
  test("scalars of both kinds, with their step and time", () => {
    const { sink, reader } = readText(events, "events.out.tfevents.1.host");
    expect(reader.format).toBe("tfevents");
    expect(sink.names).toEqual(["train/loss", "train/acc", "val/loss", "Verlust ü"]);
    expect(sink.points("train/loss").map(({ step, value, time }) => [step, value, time])).toEqual([
      [0, 2.5, 1.6e9],
      [10, NaN, 1.6e9 + 1],
    ]);
    expect(sink.points("val/loss").map(({ step, value }) => [step, value])).toEqual([[10, 2.25]]);
    expect(sink.points("Verlust ü").map(({ step, value }) => [step, value])).toEqual([[-1, Infinity]]);
    expect([reader.lines.total, reader.lines.read, reader.lines.ignored]).toEqual([7, 5, 2]);
    expect(sink.events).toEqual([]);
  });

  test("any chunking gives the same", () => {
    const whole = readText(events, "e").sink.dump();
    for (const size of [1, 5, 12, 13, 64]) expect(readText(events, "e", size).sink.dump()).toEqual(whole);
  });

  test("a cut at any byte keeps the records before it, and says that there was more", () => {
    const ends = new Set<number>();
    for (let at = 0; at < events.length;) {
      at += 16 + new DataView(events.buffer).getUint32(at, true);
      ends.add(at);
    }
    for (let length = 12; length < events.length; length++) {
      const { sink, reader } = readText(events.slice(0, length), "events.out.tfevents.1.host");
      expect(sink.events.map(({ kind }) => kind)).toEqual(ends.has(length) ? [] : ["truncated"]);
      expect(reader.lines.total).toBe(
        [...ends].filter((end) => end <= length).length + (ends.has(length) ? 0 : 1),
      );
    }
  });

  test("a record that is damaged is ignored; a damaged length ends the file", () => {
    const lengthAt = 16 + versionEvent.length;
    const dataDamaged = events.slice();
    dataDamaged[lengthAt + 14]! ^= 4;
    const first = readText(dataDamaged, "e");
    expect(first.sink.values("train/loss")).toEqual([NaN]);
    expect(first.reader.ignoredSamples[0]!.why).toContain("checksum");
    const lengthDamaged = events.slice();
    lengthDamaged[lengthAt + 1]! ^= 4;
    const checksumDamaged = events.slice();
    checksumDamaged[lengthAt + 9]! ^= 4;
    expect(readText(checksumDamaged, "e").sink.names).toEqual([]);
    const second = readText(lengthDamaged, "e");
    expect(second.sink.names).toEqual([]);
    expect(second.sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
  });

  test("a session that starts again is a resume", () => {
    const { sink, reader } = readText(
      tfrecords(
        versionEvent,
        startEvent(0),
        scalarEvent(0, 1, { loss: 3 }),
        scalarEvent(10, 2, { loss: 2 }),
        startEvent(5),
        scalarEvent(5, 3, { loss: 2.5 }),
      ),
      "e",
    );
    expect(reader.segments).toBe(2);
    expect(sink.events.map(({ kind, step }) => [kind, step])).toEqual([["resume", 5]]);
    expect(sink.points("loss").map(({ segment }) => segment)).toEqual([0, 0, 1]);
  });
});

const rows = [
  bytesField(17, message(bytesField(1, "run"))),
  historyRecord(0, { loss: "2.5", _timestamp: "1600000000.5", _runtime: "3", note: '"text"', ok: "true" }),
  historyRecord(1, { loss: "NaN", "eval/acc": "0.5", big: '{"a": 1.5, "b": {"c": "x"}}' }),
  historyRecord(2, { loss: "-Infinity", hist: '{"_type": "histogram", "bins": [1, 2]}' }),
];

describe("wandb", () => {
  test("history rows, with their step and time", () => {
    const { sink, reader } = readText(wandbFile(...rows), "run-1.wandb");
    expect(reader.format).toBe("wandb");
    expect(sink.names).toEqual(["loss", "eval/acc", "big/a"]);
    expect(sink.points("loss").map(({ step, value, time }) => [step, value, time])).toEqual([
      [0, 2.5, 1_600_000_000.5],
      [1, NaN, NaN],
      [2, -Infinity, NaN],
    ]);
    expect([reader.lines.total, reader.lines.read, reader.lines.ignored]).toEqual([4, 3, 1]);
  });

  test("records over several blocks, in any chunks", () => {
    const long = Array.from({ length: 40 }, (_, i) =>
      historyRecord(i, { loss: String(i), pad: `"${"x".repeat(1000 + i * 97)}"`, end: String(-i) }),
    );
    const file = wandbFile(...long, message(integer(1, 9), bytesField(99, "y".repeat(100_000))), ...rows);
    expect(file.length).toBeGreaterThan(4 * 32_768);
    const whole = readText(file, "w").sink;
    expect(whole.values("loss")).toEqual([...long.map((_, i) => i), 2.5, NaN, -Infinity]);
    expect(whole.values("end")).toEqual(long.map((_, i) => (i === 0 ? 0 : -i)));
    for (const size of [7, 1000, 32_768]) expect(readText(file, "w", size).sink.dump()).toEqual(whole.dump());
  });

  test("a cut or damaged file keeps what is sound", () => {
    const file = wandbFile(...rows);
    const cut = readText(file.slice(0, -3), "w");
    expect(cut.sink.values("loss")).toEqual([2.5, NaN]);
    expect(cut.sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
    const damaged = file.slice();
    damaged[damaged.indexOf(0x32, 60)]! ^= 1;
    expect(readText(damaged, "w").sink.values("loss").length).toBeLessThan(3);
    expect(readText(file.slice(0, 7), "w").sink.events).toEqual([]);
  });
});
