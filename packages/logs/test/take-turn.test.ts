import { expect, test } from "vitest";
import { takeTurn } from "../src/node/take-turn.ts";

test("turns come in order, and what one sets going has its share before the next but one", async () => {
  const seen: string[] = [];
  const callers = Array.from({ length: 6 }, async (_, k) => {
    await takeTurn();
    seen.push(`turn ${k}`);
    setImmediate(() => seen.push(`other ${k}`));
  });
  await Promise.all(callers);
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen.filter((what) => what.startsWith("turn"))).toEqual(callers.map((_, k) => `turn ${k}`));
  for (let k = 0; k + 2 < callers.length; k++)
    expect(seen.indexOf(`other ${k}`)).toBeLessThan(seen.indexOf(`turn ${k + 2}`));
});
