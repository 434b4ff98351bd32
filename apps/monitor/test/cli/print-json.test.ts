import { Writable } from "node:stream";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printJson } from "../../src/cli/print-json.ts";
import { toJson } from "../../src/format/json-text.ts";

/** A reader that takes its time: each write must be waited for. @param pieces takes what is written at once */
async function printed(value: object, pieces: string[] = []): Promise<string> {
  let text = "";
  const out = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      pieces.push(chunk);
      setImmediate(done);
    },
  });
  await printJson(out, value);
  await new Promise<void>((resolve) => out.end(resolve));
  return text;
}

test("what is printed in parts is what is written at once", async () => {
  const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt());
  const figures = fc.dictionary(fc.string(), leaf, { maxKeys: 4 });
  const list = fc.array(figures, { maxLength: 4 });
  const result = fc.record(
    { a: leaf, groups: list, mixed: fc.array(leaf), key: figures },
    { requiredKeys: ["a"] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.record({ version: leaf, results: fc.array(result), none: fc.constant(undefined) }),
      async (value) => {
        expect(await printed(value)).toBe(`${toJson(value)}\n`);
      },
    ),
    { seed: 7, numRuns: 60 },
  );
});

test("a list longer than one piece arrives whole, in order, however deep it lies, and no string holds much of it", async () => {
  const groups = Array.from({ length: 20_000 }, (_, i) => ({ key: { id: i }, value: i / 7 }));
  for (const value of [{ results: [{ groups }] }, { results: [{ a: 1 }, { a: [], groups }], groups }]) {
    const pieces: string[] = [];
    expect(await printed(value, pieces)).toBe(`${toJson(value)}\n`);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  }
});

test("what can be gone through once is printed as a list, wherever it stands", async () => {
  function* groups(): Generator<object> {
    yield { key: 1 };
    yield { key: 2 };
  }
  expect(await printed({ results: [{ groups: groups() }], lists: new Set([groups(), [3]]) })).toBe(
    '{"results":[{"groups":[{"key":1},{"key":2}]}],"lists":[[{"key":1},{"key":2}],[3]]}\n',
  );
});
