import { expect, test } from "vitest";
import { NearIntegers } from "../../src/keys/near-integers.ts";

/** Moves that no more integers are waited for after. */
const MANY = 30;

/** Gives integers their numbers, as they come, until there were many moves. @returns how often those before were moved */
function movesOf(integers: Iterable<number>, near: NearIntegers): number {
  let moves = 0;
  let id = 0;
  for (const x of integers) {
    if (!near.covers(x)) {
      if (!near.widen(x, x, 1)) throw new Error(`${x} lies too far away.`);
      if (++moves === MANY) break;
    }
    near.put(x, id++);
  }
  return moves;
}

// Multiples of 4 left room for three integers each time: 300,000 of them took minutes.
test.each([
  [4, 300_000],
  [-4, 300_000],
  [3, 400_000],
  [1, 1_200_000],
])("multiples of %i are moved a few times, not for each", (step, count) => {
  const near = new NearIntegers();
  const multiples = Array.from({ length: count }, (_, i) => step * i);
  expect(movesOf(multiples, near)).toBeLessThan(MANY);
  expect(near.held).toBe(count);
  for (let i = 0; i < count; i += 997) expect(near.at(step * i)).toBe(i);
});

test("integers that come on both sides are moved a few times", () => {
  const near = new NearIntegers();
  const integers = Array.from({ length: 300_000 }, (_, i) => (i % 2 === 0 ? 2 * i : -2 * i));
  expect(movesOf(integers, near)).toBeLessThan(MANY);
});

// What is so near to an integer that its place was rounded to that one's was its group.
test("only integers are covered, whatever is near them", () => {
  const near = new NearIntegers();
  near.widen(-1000, 1000, 1);
  for (const x of [0, -0, 1, -1000]) expect(near.covers(x)).toBe(true);
  for (const x of [5e-324, 1e-20, -1e-20, 2 ** -53, 1 + 2 ** -52, 0.5, NaN, 1e300])
    expect(near.covers(x)).toBe(false);
});
