import { expect, test } from "vitest";
import { escapeText } from "../../src/format/escape-text.ts";

test.each([
  ["\u001b[31mred\u001b[0m", "␛[31mred␛[0m"],
  ["\u001b]52;c;aGk=\u0007", "␛]52;c;aGk=␇"],
  ["\u009b2J", "\\u{9b}2J"],
  ["a\r\nb\tc\0", "a␍␊b␉c␀"],
  ["evil\u202egpj.exe", "evil\\u{202e}gpj.exe"],
  ["\u2066x\u2069\u200f\ufeff", "\\u{2066}x\\u{2069}\\u{200f}\\u{feff}"],
  ["\ud800", "\\u{d800}"],
  ["x\udc00y", "x\\u{dc00}y"],
  ["\u{e0041}", "\\u{e0041}"],
  ["\u007f", "␡"],
])("%j is shown as %j", (raw, shown) => {
  expect(escapeText(raw)).toBe(shown);
});

test("ordinary text of any language stays as it is", () => {
  for (const text of ["train/loss", "δ-Verlust", "损失", "خسارة", "👩‍🔬".replace("\u200d", ""), "😀"]) {
    expect(escapeText(text)).toBe(text);
  }
});

test("nothing below U+0020, in C1 or of the bidi controls is let through", () => {
  for (let code = 0; code < 0x3000; code++) {
    const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bidi =
      code === 0x61c ||
      (code >= 0x200e && code <= 0x200f) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069);
    if (control || bidi)
      expect(escapeText(String.fromCharCode(code))).not.toContain(String.fromCharCode(code));
  }
});
