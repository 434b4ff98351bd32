import { expect, test } from "vitest";
import { lossSpecsFromText } from "../../src/cli/loss-specs.ts";

test("an id may return with other parameters, in the order asked", () => {
  expect(lossSpecsFromText(["focal:gamma=2,alpha=0.25", "mse", "focal:gamma=0"])).toEqual([
    { loss: "focal", params: { gamma: 2, alpha: 0.25 } },
    { loss: "mse", params: {} },
    { loss: "focal", params: { gamma: 0 } },
  ]);
});

test("values are JSON, lists included; what is not, is text", () => {
  expect(
    lossSpecsFromText([
      'scce_logits:class_weight=[1,2.5,3],ignore_index=-1,label_smoothing=.1,x="a,b",convention=torch,full=true,alpha=null',
    ]),
  ).toEqual([
    {
      loss: "scce_logits",
      params: {
        class_weight: [1, 2.5, 3],
        ignore_index: -1,
        label_smoothing: 0.1,
        x: "a,b",
        convention: "torch",
        full: true,
        alpha: null,
      },
    },
  ]);
});

test("a word that a parameter may be stays text, whatever it looks like", () => {
  const expected = [{ loss: "hinge", params: { labels: "01" } }];
  expect(lossSpecsFromText(["hinge:labels=01"])).toEqual(expected);
  expect(lossSpecsFromText(['hinge:labels="01"'])).toEqual(expected);
  expect(lossSpecsFromText(["hinge"], ["labels=01"])).toEqual(expected);
  expect(lossSpecsFromText(["hinge:labels=1"])).toEqual([{ loss: "hinge", params: { labels: "1" } }]);
});

test("--param is short for one loss only", () => {
  expect(lossSpecsFromText(["huber"], ["delta=0.5"])).toEqual([{ loss: "huber", params: { delta: 0.5 } }]);
  expect(() => lossSpecsFromText(["huber", "mse"], ["delta=0.5"])).toThrow(/belongs to one loss/);
});

test.each([
  [["mse:delta"], [], /name=value, not "delta"/],
  [["focal_softmax:alpha=1,2"], [], /name=value, not "2"; a list stands in brackets: name=\[1,2\]\.$/],
  [["mse:=1"], [], /name=value, not "=1"/],
  [["mse:"], [], /name=value, not ""/],
  [[":a=1"], [], /takes an id/],
  [["huber:delta=1,delta=2"], [], /delta is given twice/],
  [["huber:delta=1"], ["delta=2"], /delta is given twice/],
])("%j with %j is refused", (losses, params, sentence) => {
  expect(() => lossSpecsFromText(losses, params)).toThrow(
    expect.objectContaining({ code: "LF_USAGE", message: expect.stringMatching(sentence) }),
  );
});

test("parameters named like object internals stay plain data", () => {
  const [spec] = lossSpecsFromText(["mse:__proto__=1"]);
  expect(Object.keys(spec!.params)).toEqual(["__proto__"]);
});
