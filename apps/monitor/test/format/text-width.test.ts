import { expect, test } from "vitest";
import { fitText, padText, textWidth } from "../../src/format/text-width.ts";

test.each([
  ["loss", 4],
  ["损失", 4],
  ["é", 1],
  ["e\u0301", 1],
  ["😀", 2],
  ["❤️", 2],
  ["", 0],
])("%j takes %d columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test("long names lose their middle and never their width", () => {
  expect(fitText("train/loss", 10)).toBe("train/loss");
  expect(fitText("validation/box_loss", 9)).toBe("vali…loss");
  for (let columns = 0; columns < 12; columns++) {
    expect(textWidth(fitText("损失 validation/损失", columns))).toBeLessThanOrEqual(columns);
  }
});

test("padding counts columns, not characters", () => {
  expect(padText("损", 4)).toBe("损  ");
  expect(padText("损", 4, "right")).toBe("  损");
});
