import { expect, test } from "vitest";
import { chartScene } from "../../src/report/chart-scene.ts";
import { runFromText } from "../server/board-from-text.ts";

/** Every text of the picture of a series, step by step. */
function textsOf(values: readonly string[]): string[] {
  const log = values.map((value, step) => `{"step":${step},"loss":${value}}\n`).join("");
  return chartScene([runFromText("a", log)], "loss").shapes.flatMap((shape) =>
    shape.kind === "text" ? [shape.text] : [],
  );
}

test("a picture says how many points are not finite, and nothing where all are", () => {
  expect(textsOf(["1", "NaN", "3", "Infinity"])).toContain("2 not finite");
  expect(textsOf(["1", "2"]).join("\n")).not.toContain("not finite");
});

test("where no value is finite the y axis has no numbers", () => {
  const texts = textsOf(["NaN", "NaN", "NaN"]);
  expect(texts).toEqual([
    "loss",
    "3 points, every extreme drawn",
    "0",
    "0.5",
    "1",
    "1.5",
    "2",
    "step",
    "3 not finite",
    "a",
  ]);
});
