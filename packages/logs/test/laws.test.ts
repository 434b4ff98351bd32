import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openReader } from "../src/index.ts";
import { fixtures } from "./support/fixtures.ts";
import { RecordingSink, readText } from "./support/recording-sink.ts";

const seed = Number(process.env["SEED"] ?? 20_260_105);
/** NIGHTLY=1 cuts at every byte; else, past the first line, at every 29th. */
const stride = process.env["NIGHTLY"] === "1" ? 1 : 29;
const logs = fixtures().filter(({ name }) => !name.startsWith("negative/"));

/** `early`: the format is decided as soon as it can be, as for a log that grows; else the first 64 KiB are awaited. */
function outcome(bytes: Uint8Array, name: string, cuts: readonly number[], early = false): unknown {
  const sink = new RecordingSink();
  const reader = openReader({ name, sink });
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    const chunk = bytes.slice(at, cut);
    reader.write(chunk);
    if (early) reader.settle();
    chunk.fill(0xff);
    at = cut;
  }
  reader.end();
  const { total, read, ignored } = reader.lines;
  return {
    format: reader.format,
    lines: [total, read, ignored],
    segments: reader.segments,
    all: sink.dump(),
  };
}

describe("any chunking of the bytes gives the same records", () => {
  for (const { name, bytes } of logs) {
    test(name, () => {
      const whole = outcome(bytes, name, []);
      for (const size of [1, 7]) {
        const cuts = Array.from({ length: Math.floor((bytes.length - 1) / size) }, (_, i) => (i + 1) * size);
        expect(outcome(bytes, name, cuts), `chunks of ${size}`).toEqual(whole);
        expect(outcome(bytes, name, cuts, true), `chunks of ${size}, decided early`).toEqual(whole);
      }
      fc.assert(
        fc.property(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
          const sorted = cuts.sort((a, b) => a - b);
          expect(outcome(bytes, name, sorted)).toEqual(whole);
          expect(outcome(bytes, name, sorted, true)).toEqual(whole);
        }),
        { seed, numRuns: stride === 1 ? 12 : 4 },
      );
    });
  }
});

/** Enough lines that most are read in one pass over the bytes, whatever falls on the borders of chunks. */
describe("long logs read alike in chunks of any size", () => {
  for (const { name, bytes } of logs) {
    if (name.startsWith("documents/") || name.endsWith("meta.yaml")) continue;
    test(name, () => {
      const body = name.startsWith("tables/") ? bytes.slice(bytes.indexOf(10) + 1) : bytes;
      const parts: Uint8Array[] = [bytes];
      for (let length = bytes.length; length < 66_000; length += body.length) parts.push(body);
      const long = new Uint8Array(Buffer.concat(parts));
      const whole = outcome(long, name, []);
      for (const size of [1021, 65_536]) {
        const cuts = Array.from({ length: Math.floor((long.length - 1) / size) }, (_, i) => (i + 1) * size);
        expect(outcome(long, name, cuts), `chunks of ${size}`).toEqual(whole);
      }
    });
  }
});

describe("a log cut at any byte is read up to there", () => {
  for (const { name, bytes } of logs) {
    test(name, () => {
      const full = readText(bytes, name).sink;
      for (let length = 0; length < bytes.length; length += length < 80 ? 1 : stride) {
        const { sink, reader } = readText(bytes.slice(0, length), name);
        const { total, read, ignored } = reader.lines;
        expect(total).toBe(read + ignored);
        for (const series of sink.names) {
          const cut = sink.values(series);
          const whole = full.values(series);
          expect(cut.length, `${series} at byte ${length}`).toBeLessThanOrEqual(Math.max(whole.length, 1));
        }
      }
    });
  }
});

describe("line ends do not matter", () => {
  const bars = /keras\.out|tqdm\.out|hf\.out/;
  for (const { name, bytes } of logs) {
    if (name.startsWith("documents/") || bars.test(name) || bytes.includes(13)) continue;
    test.each([
      ["CRLF", "\r\n"],
      ["CR", "\r"],
    ])(`${name} with %s`, (_kind, end) => {
      const text = new TextDecoder().decode(bytes);
      const { sink, reader } = readText(text.replaceAll("\n", end), name);
      const plain = readText(text, name);
      expect(sink.dump()).toEqual(plain.sink.dump());
      expect(reader.lines.total).toBe(plain.reader.lines.total);
    });
  }
});
