import { expect, test } from "vitest";
import { OrderedResults } from "../../src/job/ordered-results.ts";

test("nothing more is made ready while what is open holds much memory, until it has been handed on", async () => {
  const taken: string[] = [];
  const results = new OrderedResults<string>(
    8,
    (result) => taken.push(result),
    () => undefined,
  );
  const ends: ((result: string) => void)[] = [];
  const open = (bytes: number): void => results.push(new Promise((resolve) => ends.push(resolve)), bytes);
  open(60 * 2 ** 20);
  await results.memory();
  open(60 * 2 ** 20);
  let isReady = false;
  const ready = results.memory().then(() => (isReady = true));
  ends[1]!("second");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isReady).toBe(false);
  ends[0]!("first");
  await ready;
  await results.end();
  expect(taken).toEqual(["first", "second"]);
});

test("a failure ends the waiting for memory", async () => {
  const results = new OrderedResults<string>(
    8,
    () => undefined,
    () => undefined,
  );
  let fail: ((error: Error) => void) | undefined;
  results.push(new Promise((_, reject) => (fail = reject)), 2 ** 30);
  const ready = results.memory();
  fail!(new Error("refused"));
  await ready;
  await expect(results.end()).rejects.toThrow("refused");
});
