import { describe, expect, test } from "vitest";
import { openReader, type FormatChoice } from "../src/index.ts";
import { pinFromLine, pinFromPattern } from "../src/pin.ts";
import { RecordingSink } from "./support/recording-sink.ts";

function read(format: FormatChoice, text: string, size = Infinity): Record<string, unknown> {
  const sink = new RecordingSink();
  const reader = openReader({ name: "odd.log", sink, format });
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += size) reader.write(bytes.slice(i, Math.min(bytes.length, i + size)));
  reader.end();
  expect(reader.format).toBe("pinned");
  return Object.fromEntries(
    sink.names.map((name) => [name, sink.points(name).map(({ step, value }) => [step, value])]),
  );
}

const codeOf = (make: () => unknown): unknown => {
  try {
    return make();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("a log that no reader knows is pinned by", () => {
  const log =
    "start\nodd 1 |  fehler 0.5 (3 of 9)\nodd 2 | fehler nan (4 of 9)\n[w0] odd 3 | fehler 1e-3 (5 of 9)\nend\n";

  test("the places of its numbers", () => {
    for (const size of [1, 7, Infinity]) {
      expect(read(pinFromLine("odd {step} | fehler {loss}"), log, size)).toEqual({
        loss: [
          [1, 0.5],
          [2, NaN],
          [3, 0.001],
        ],
      });
    }
    expect(read(pinFromLine("fehler {x} ({*} of {all})"), log)).toEqual({
      x: [
        [0, 0.5],
        [1, NaN],
        [2, 0.001],
      ],
      all: [
        [0, 9],
        [1, 9],
        [2, 9],
      ],
    });
  });

  test("a line of it, whose numbers have the names before them, and others may be any", () => {
    const text =
      "2024-01-01 10:00:00 T> iter 20 :: 0.5 perte=0.25\n2024-01-01 10:00:01 T> iter 30 :: 0.6 perte=inf\n";
    expect(read(pinFromLine("2024-01-01 09:00:00 T> iter 1 :: 1.5 perte=4"), text)).toEqual({
      perte: [
        [20, 0.25],
        [30, Infinity],
      ],
    });
  });

  test("a pattern with named groups, in any script", () => {
    const found = {
      perte: [
        [2, 0.5],
        [3, 0.25],
      ],
    };
    expect(read(pinFromPattern("^é(?<step>\\d+)→(?P<perte>\\S+)$"), "é2→0.5\né3→0.25\né4\n")).toEqual(found);
  });

  test("what its pattern excludes is not read", () => {
    expect(
      read(pinFromPattern("gpu0 loss (?<loss>\\d\\.\\d)$"), "gpu0 loss 1.5\ngpu1 loss 2.5\ngpu0 loss nan\n"),
    ).toEqual({
      loss: [[0, 1.5]],
    });
  });
});

test("a pattern that makes other engines backtrack for years takes its line's length", () => {
  const pin = pinFromPattern("(x+x+)+y (?<loss>\\d)");
  expect(read(pin, `${"x".repeat(30_000)}\nxxy 5\n`)).toEqual({ loss: [[0, 5]] });
});

test("what cannot pin is refused with what to do", () => {
  for (const make of [
    () => pinFromPattern("("),
    () => pinFromPattern("loss \\d"),
    () => pinFromPattern("(?<step>\\d+)"),
    () => pinFromLine("nothing here"),
    () => pinFromLine("step {step}"),
  ])
    expect(codeOf(make)).toBe("LF_BAD_OPTION");
  expect(() => pinFromLine("step {step}")).toThrow("step {step} loss {loss}");
});
