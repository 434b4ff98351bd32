import { expect, test } from "vitest";
import { windowOf } from "../../src/cli/window-of.ts";

const read = windowOf("--window");

test.each([
  ["rows:1000", { rows: 1000 }],
  ["step:epoch:10", { step: "epoch", width: 10, slide: 10 }],
  ["step:a:b, c:0.5,slide=0.25", { step: "a:b, c", width: 0.5, slide: 0.25 }],
  ["time:at:10s", { time: "at", width: "10s" }],
  ["time:at:1.5h,slide=30m,lateness=90s", { time: "at", width: "1.5h", slide: "30m", lateness: "90s" }],
])("%s", (text, window) => {
  expect(read(text)).toEqual(window);
});

test.each([
  "1000",
  "rows:0",
  "rows:-1",
  "rows:",
  "rows:a:3",
  "rows:3,slide=1",
  "steps:3",
  "step:epoch",
  "step:epoch:x",
  "step::3",
  "step:e:0",
  "step:e:1,lateness=3",
  "step:e:1,slide=",
  "time:at:10",
  "time:at:10s,slide=5",
  "time:at:10s,slide=5s,slide=5s",
  "time:at:10s,late=5s",
  "",
])("%j is refused with the grammar", (text) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({
      code: "LF_USAGE",
      message: expect.stringMatching(/--window takes rows:1000, step:/),
    }),
  );
});
