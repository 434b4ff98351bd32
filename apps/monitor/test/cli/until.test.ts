import { expect, test } from "vitest";
import { untilFromText } from "../../src/cli/until.ts";

test.each([
  ["step:5000", { kind: "step", step: 5000 }],
  ["90s", { kind: "time", seconds: 90 }],
  ["1.5h", { kind: "time", seconds: 5400 }],
  ["2d", { kind: "time", seconds: 172800 }],
  ["val/loss<2.5", { kind: "below", metric: "val/loss", value: 2.5 }],
  ["<1e-3", { kind: "below", metric: null, value: 0.001 }],
  ["a<b < 3", { kind: "below", metric: "a<b", value: 3 }],
])("%s", (text, until) => {
  expect(untilFromText(text)).toEqual(until);
});

test.each(["", "soon", "step:", "step:x", "30", "30y", "loss<", "loss<x", "loss>3"])(
  "%j is refused",
  (text) => {
    expect(() => untilFromText(text)).toThrow(expect.objectContaining({ code: "LF_USAGE" }));
  },
);
