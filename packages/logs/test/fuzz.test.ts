import { describe, expect, test } from "vitest";
import { isLossflowError } from "@lossflow/core";
import { formats, openReader, type FormatChoice } from "../src/index.ts";
import { pinFromLine, pinFromPattern } from "../src/pin.ts";
import {
  historyRecord,
  scalarEvent,
  startEvent,
  tensorEvent,
  tfrecords,
  versionEvent,
  wandbFile,
} from "./support/binary-logs.ts";
import { fixtures } from "./support/fixtures.ts";
import { seededRandom } from "./support/seeded-random.ts";

/** 20,000 inputs; NIGHTLY=1, as .ci/run has it, makes it a million. SEED moves the start. */
const INPUTS = process.env["NIGHTLY"] === "1" ? 1_000_000 : 20_000;
const seed = Number(process.env["SEED"] ?? 20_260_105);
const LONGEST = 400;

const corpus = [
  ...fixtures().map(({ name, bytes }) => ({ name, bytes })),
  {
    name: "events.out.tfevents.1",
    bytes: tfrecords(versionEvent, scalarEvent(1, 2, { a: 3 }), tensorEvent(1, "b", 2)),
  },
  { name: "run.wandb", bytes: wandbFile(historyRecord(0, { loss: "1" }), historyRecord(1, { loss: "NaN" })) },
];

const pins = [pinFromLine("step {step} loss {loss}"), pinFromPattern("(?<step>\\d+).*?(?<loss>[-.\\w]+)$")];

/** Damage behind good checksums, which else keep it out. */
const framed: readonly { readonly name: string; readonly make: (random: () => number) => Uint8Array }[] = [
  {
    name: "events.out.tfevents.2",
    make: (random) =>
      tfrecords(
        versionEvent,
        mutate(scalarEvent(1, 2, { a: 3, b: NaN }), random),
        mutate(tensorEvent(1, "b", 2), random),
        mutate(startEvent(1), random),
      ),
  },
  {
    name: "run.wandb",
    make: (random) =>
      wandbFile(
        mutate(historyRecord(0, { loss: "1", nested: '{"a": [1, NaN]}' }), random),
        mutate(historyRecord(1, { loss: "NaN" }), random),
      ),
  },
];

/** A few bytes flipped, cut out, doubled, or taken from another log. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const start = random() < 0.5 ? 0 : Math.floor(random() * bytes.length);
  let out = Array.from(bytes.subarray(start, start + LONGEST));
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * out.length);
    const choice = random();
    if (choice < 0.3) out[at] = Math.floor(random() * 256);
    else if (choice < 0.5) out[at] = (out[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (choice < 0.65) out = out.slice(0, at);
    else if (choice < 0.8) out.splice(at, Math.floor(random() * 20));
    else if (choice < 0.9) out.splice(at, 0, ...out.slice(at, at + 30));
    else {
      const other = corpus[Math.floor(random() * corpus.length)]!.bytes;
      const from = Math.floor(random() * other.length);
      out.splice(at, 0, ...other.slice(from, from + 60));
    }
  }
  return Uint8Array.from(out);
}

const NOTHING = new Uint8Array(0);

describe(`${INPUTS} damaged logs`, () => {
  test("end in points and counts, or in a coded error", { timeout: 3_600_000 }, () => {
    const random = seededRandom(seed);
    const ids = formats.map(({ id }) => id);
    for (let i = 0; i < INPUTS; i++) {
      const sealed = i % 16 === 0 ? framed[(i / 16) % framed.length]! : null;
      const { name, bytes } =
        sealed === null ? corpus[i % corpus.length]! : { name: sealed.name, bytes: NOTHING };
      const input = sealed === null ? mutate(bytes, random) : sealed.make(random);
      const format: FormatChoice | undefined =
        random() < 0.25
          ? ids[Math.floor(random() * ids.length)]!
          : random() < 0.02
            ? pins[Math.floor(random() * pins.length)]!
            : undefined;
      let series = 0;
      try {
        const reader = openReader({
          name,
          sink: {
            series: () => series++,
            point(handle, value, place) {
              if (handle >= series || typeof value !== "number" || Number.isNaN(place.step))
                throw new Error("a false point");
            },
            event: () => {},
          },
          ...(format === undefined ? {} : { format }),
        });
        const cut = Math.floor(random() * input.length);
        reader.write(input.subarray(0, cut));
        reader.write(input.subarray(cut));
        reader.end();
        const { total, read, ignored } = reader.lines;
        if (total !== read + ignored || read < 0 || ignored < 0) throw new Error("lines are miscounted");
      } catch (error) {
        if (isLossflowError(error)) continue;
        expect.fail(
          `seed ${seed}, input ${i} of ${name} as ${typeof format === "object" ? "pinned" : (format ?? "detected")}: ${String(error)}\n${Buffer.from(input).toString("base64")}`,
        );
      }
    }
    // What one input left behind is nothing: the bound is far above what the tests themselves hold.
    expect(process.memoryUsage().heapUsed).toBeLessThan(1 << 29);
  });
});
