import { expect, test } from "vitest";
import { checkOptions, type LossJobOptions } from "../../src/job/options.ts";
import { createPool } from "../../src/pool/create-pool.ts";

const good: LossJobOptions = {
  losses: ["mse"],
  target: "y",
  prediction: "p",
  classes: ["cat", "dog"],
  pool: createPool({ workers: 0 }),
};

test.each([
  ["losses are not an array", { losses: "mse" }, 'losses are not an array; give one, such as ["mse"].'],
  ["no losses", { losses: undefined }, 'losses are not an array; give one, such as ["mse"].'],
  ["no target", { target: undefined }, "target is not given; name its column."],
  ["no prediction", { prediction: undefined }, "prediction is not given; name its column."],
  [
    "a number for a column",
    { target: 3 },
    "target does not name columns; give a name, or an array of names.",
  ],
  ["no column", { prediction: [] }, "prediction does not name columns; give a name, or an array of names."],
  [
    "one text of classes",
    { classes: "cat" },
    "classes are not an array of names; give one, in the order of the labels.",
  ],
  [
    "a class named twice",
    { classes: ["cat", "dog", "cat"] },
    'classes name "cat" twice; give each class a name of its own.',
  ],
])("%s is refused in one sentence", (_, wrong, why) => {
  const options = { ...good, ...wrong } as unknown as LossJobOptions;
  expect(() => checkOptions(options)).toThrow(
    expect.objectContaining({ code: "LF_BAD_OPTION", message: `An option is wrong: ${why}` }),
  );
});

test("names, arrays of names and classes are accepted", () => {
  expect(() => checkOptions(good)).not.toThrow();
  expect(() => checkOptions({ ...good, prediction: ["p0", "p1"] })).not.toThrow();
});
