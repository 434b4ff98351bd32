import { expect, test } from "vitest";
import { categoricalHinge, ExactSum } from "@lossflow/core";
import { expectDigits } from "./expect-digits.ts";

const none = { reduction: "none" } as const;

test("a categorical hinge keeps the digits of a margin next to 0", () => {
  const loss = categoricalHinge(none);
  const x = [
    [1, 2 ** -60],
    [2 ** -60, 1],
    [1 + 2 ** -52, -(2 ** -60)],
  ];
  const t = [
    [1, 0],
    [0, 1],
    [1, 0],
  ];
  expectDigits(loss.value(x, t), [2 ** -60, 2 ** -60, 0]);
  expectDigits(loss.gradient(x, t), [-1, 1, 1, -1, 0, 0]);
  // Of three scores that count, the large ones cancel.
  expectDigits(loss.value([[1e16, 0.75, -1e16]], [[1, 1, 1]]), [0.25]);
});

test("and of soft targets, against exact sums", () => {
  const loss = categoricalHinge(none);
  let kept = 0;
  for (let k = 1; k < 400; k++) {
    const share = k / 401;
    const b = Math.sin(k);
    for (const t of [
      [share, 0],
      [share, 1 - share],
      [share, share / 7],
    ] as const) {
      // Where 1 + (1 - t_1) b - t_0 a - t_1 b is 0, but for rounding.
      const a = (1 + (1 - 2 * t[1]) * b) / t[0];
      const margins = [0, 1].map((c) => {
        const sum = new ExactSum();
        sum.add(1);
        for (const [i, score] of [a, b].entries()) sum.addProduct(-t[i]!, score);
        sum.addProduct(1, [a, b][c]!);
        sum.addProduct(-t[c]!, [a, b][c]!);
        return sum.value();
      });
      const wanted = Math.max(0, ...margins);
      const got = loss.value([[a, b]], [[...t]])[0]!;
      // 2^-103: what rounding takes from the rests.
      expect(Math.abs(got - wanted)).toBeLessThanOrEqual(wanted * 2 ** -50 + 2 ** -103);
      if (wanted > 0 && wanted < 2 ** -50) kept++;
    }
  }
  expect(kept).toBeGreaterThan(40);
});

test("a share of one large score counts to the last digit in a categorical hinge", () => {
  const x = [
    [889.7890775158046, 0],
    [1e9 + 0.3, 0],
    [1e15 + 1, 0],
    [-7e14, -1e15],
  ];
  const t = [
    [0.5004214222930468, 0.49957857770695324],
    [0.4999999997, 0],
    [0.5 - 2 ** -52, 0],
    [0.5000000000000007, 0],
  ];
  const wanted = x.map((row, r) => {
    const margins = row.map((score, c) => {
      const sum = new ExactSum();
      sum.add(1);
      row.forEach((other, i) => sum.addProduct(-t[r]![i]!, other));
      sum.add(score);
      sum.addProduct(-t[r]![c]!, score);
      return sum.value();
    });
    return Math.max(0, ...margins);
  });
  expectDigits(categoricalHinge(none).value(x, t), wanted);
});
