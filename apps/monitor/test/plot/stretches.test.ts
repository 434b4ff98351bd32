import { expect, test } from "vitest";
import { Stretches } from "../../src/plot/stretches.ts";

function stretchesOf(steps: readonly number[], segments: readonly number[] = []): number[] {
  const stretches = new Stretches();
  return steps.map((step, i) => stretches.next(step, segments[i] ?? 0));
}

test("a gap of ten times the usual distance begins a stretch", () => {
  const steps = [...Array.from({ length: 20 }, (_, k) => k), 30, 31, 32];
  expect(stretchesOf(steps).at(-1)).toBe(1);
  expect(stretchesOf([...Array.from({ length: 20 }, (_, k) => k), 25, 26]).at(-1)).toBe(0);
});

test("points ever further apart are one stretch, and so are the first few", () => {
  expect(stretchesOf(Array.from({ length: 20 }, (_, k) => 2 ** k)).at(-1)).toBe(0);
  expect(stretchesOf([0, 100, 10_000, 10_001]).at(-1)).toBe(0);
});

test("a resume and a step that goes back begin one each", () => {
  expect(stretchesOf([0, 1, 2, 1, 2, 3], [0, 0, 0, 0, 0, 1])).toEqual([0, 0, 0, 1, 1, 2]);
});
