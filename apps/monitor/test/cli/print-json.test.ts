import { Writable } from "node:stream";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printJson } from "../../src/cli/print-json.ts";
import { toJson } from "../../src/format/json-text.ts";

/** A reader that takes its time: each write must be waited for. */
async function printed(value: object): Promise<string> {
  let text = "";
  const out = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
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

test("a list longer than one piece arrives whole, in order", async () => {
  const groups = Array.from({ length: 20_000 }, (_, i) => ({ key: { id: i }, value: i / 7 }));
  const text = await printed({ results: [{ groups }] });
  expect(text).toBe(`${toJson({ results: [{ groups }] })}\n`);
});
