import { describe, expect, test, vi } from "vitest";
import { openReader } from "../src/index.ts";
import { LineMachine } from "../src/scan/line-machine.ts";
import { fixtures } from "./support/fixtures.ts";
import { RecordingSink } from "./support/recording-sink.ts";
import { seededRandom } from "./support/seeded-random.ts";

const seed = Number(process.env["SEED"] ?? 20_260_105);
const rounds = process.env["NIGHTLY"] === "1" ? 50 : 1;
const logs = fixtures().filter(
  ({ name, bytes }) =>
    /^(?:jsonl|text|tables|mlruns)\//.test(name) && !name.endsWith("meta.yaml") && bytes.includes(10),
);

/** What a reader tells of a log in chunks of `size`. */
function told(bytes: Uint8Array, name: string, size: number): unknown {
  const sink = new RecordingSink();
  const reader = openReader({ name, sink });
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  reader.end();
  return { lines: { ...reader.lines }, segments: reader.segments, all: sink.dump() };
}

/** The log over and over, the numbers of its lines as they are. */
function lengthened(name: string, bytes: Uint8Array): Uint8Array {
  const body = name.startsWith("tables/") ? bytes.subarray(bytes.indexOf(10) + 1) : bytes;
  const parts: Uint8Array[] = [bytes];
  for (let length = bytes.length; length < 80_000; length += Math.max(1, body.length)) parts.push(body);
  return new Uint8Array(Buffer.concat(parts));
}

/** Bytes that mean something in some log. */
const TELLING = new TextEncoder().encode("0123456789.eE+-nNaAiI\"'{}[],:;=|#% \t\r\n\u0000\\_xé");

describe("the line machine reads as the scanners in TypeScript do, or leaves the line to them", () => {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let rows = 0;
  for (const { name, bytes } of logs) {
    test(name, () => {
      let run = vi.spyOn(LineMachine.prototype, "run");
      for (let round = 0; round < rounds; round++) {
        const log = lengthened(name, bytes);
        for (let k = 0; k < 60; k++) {
          const at = below(log.length);
          const what = below(4);
          if (what === 0) log[at] = TELLING[below(TELLING.length)]!;
          else if (what === 1) log.copyWithin(at, at + 1);
          else if (what === 2) log.copyWithin(at + 1, at);
          else if (log[at]! >= 48 && log[at]! < 58) log[at] = 48 + below(10);
        }
        run.mockClear();
        const fast = told(log, name, 1 << 16);
        rows += run.mock.results.reduce((sum, { value }) => sum + (value as number), 0);
        run.mockReturnValue(0);
        expect(told(log, name, 1 << 16), `SEED=${seed}`).toEqual(fast);
        run.mockRestore();
        run = vi.spyOn(LineMachine.prototype, "run");
      }
      run.mockRestore();
    });
  }
  test("and it reads most lines", () => expect(rows).toBeGreaterThan(20_000));
});

test("a unit that is not the series' own counts in every line that the machine reads", () => {
  const lines = Array.from(
    { length: 2000 },
    (_, i) => `step ${i} loss 0.5 tps ${i === 0 ? "950" : "1.5k"}\n`,
  );
  const run = vi.spyOn(LineMachine.prototype, "run");
  const sink = new RecordingSink();
  const reader = openReader({ name: "x.log", sink });
  reader.write(new TextEncoder().encode(lines.join("")));
  reader.end();
  expect(Math.max(...run.mock.results.map(({ value }) => value as number))).toBeGreaterThan(100);
  run.mockRestore();
  expect(new Set(sink.values("tps"))).toEqual(new Set([950, 1500]));
});

test("without WebAssembly everything is read in TypeScript", async () => {
  const { name, bytes } = logs[0]!;
  const log = lengthened(name, bytes);
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  try {
    const sink = new RecordingSink();
    const bare = await import("../src/index.ts");
    const reader = bare.openReader({ name, sink });
    reader.write(log);
    reader.end();
    vi.unstubAllGlobals();
    const { all } = told(log, name, 1 << 16) as { all: unknown };
    expect(sink.dump()).toEqual(all);
  } finally {
    vi.unstubAllGlobals();
  }
});
