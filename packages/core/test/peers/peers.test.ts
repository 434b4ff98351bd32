import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PRESETS, lossFromSpec, type Preset, type Tensor } from "@lossflow/core";
import { flatNumbers } from "../golden/differences.ts";

interface PeerCase {
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, string>>;
  readonly prediction: string;
  readonly target: string;
  readonly value: number | number[] | number[][];
  /** Of the value (or the sum of the values) by the prediction. */
  readonly gradient: number[][];
}

interface Peer {
  readonly version: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly cases: readonly PeerCase[];
}

/**
 * How far the peer itself is from the true figure, relative to the largest entry: the last digits of double precision,
 * and of single precision, in which alone TensorFlow.js computes.
 */
const PRECISION = { torch: 2e-14, keras: 2e-14, tfjs: 3e-7 };

describe.each(["torch", "keras", "tfjs"] as const)(
  "the preset %s gives the library's own figure",
  (library) => {
    const { version, inputs, cases } = peerOf(library);

    test.each(
      cases.map((one, k) => [k, one.loss, JSON.stringify({ ...one.params, ...one.options }), one] as const),
    )(
      `${library} ${version}, case %i: %s %s`,
      (_k, _loss, _params, { loss, params, options, prediction, target, value, gradient }) => {
        const named = (entry: unknown): unknown =>
          typeof entry === "string" && entry in inputs ? inputs[entry] : entry;
        const given = Object.fromEntries(Object.entries(params).map(([name, entry]) => [name, named(entry)]));
        const extra = Object.fromEntries(
          Object.entries(options).map(([name, entry]) => [name, named(entry)]),
        );
        const precision = PRECISION[library];
        const made = lossFromSpec({ loss, params: given, preset: library });
        expectNear(made.value(inputs[prediction]!, inputs[target]!, extra), value, precision);
        expectNear(made.gradient(inputs[prediction]!, inputs[target]!, extra), gradient, precision);
      },
    );

    test("each loss of the preset has a figure and its gradient under the library's defaults", () => {
      const plain = cases.filter(
        ({ params, gradient }) => Object.keys(params).length === 0 && gradient.length > 0,
      );
      const covered = new Set(plain.map(({ loss }) => loss));
      const without = Object.keys(PRESETS[library].losses).filter((loss) => !covered.has(loss));
      // log_loss_eps is the formula under another name.
      expect(without).toEqual({ torch: [], keras: [], tfjs: ["log_loss_eps"] }[library]);
    });
  },
);

test("on TensorFlow, Keras clips sparse rows first and divides then, other rows as elsewhere", () => {
  const { inputs, cases } = peerOf("keras_tf");
  for (const { loss, prediction, target, value } of cases) {
    const figure = (convention: string): unknown =>
      lossFromSpec({ loss, params: { convention, reduction: "sum_over_batch_size" } }).value(
        inputs[prediction]!,
        inputs[target]!,
      );
    expectNear(figure(loss === "scce" ? "keras_tf" : "keras"), value, PRECISION.keras);
  }
  expect(cases.map(({ loss }) => loss)).toEqual(["cce", "scce", "cce", "scce"]);
});

describe("what docs/losses.md says of the others is what they do", () => {
  const [torch, keras, kerasTf, tfjs] = (["torch", "keras", "keras_tf", "tfjs"] as const).map(
    (library) => peerOf(library).facts,
  );

  test("from logits at x = -40, t = 0: 0 in PyTorch, and what is true on TensorFlow", () => {
    const own = lossFromSpec({ loss: "bce_logits" }).value([-40], [0]);
    expect([torch!, keras!, kerasTf!].map((facts) => facts["logits_at_minus_40"])).toEqual([0, 0, own]);
    expect(tfjs!["logits_at_minus_40"]).toBe(Math.fround(own as number));
  });

  test("all ignored, a label out of range, the slope of |d| at 0", () => {
    expect([torch!, keras!, kerasTf!].map((facts) => facts["all_ignored"])).toEqual(["NaN", 0, 0]);
    expect([torch!, keras!, kerasTf!].map((facts) => facts["label_3_of_3"])).toEqual([
      "IndexError",
      "RuntimeError",
      "InvalidArgumentError",
    ]);
    expect(tfjs!["label_3_of_3"]).toBe(0);
    expect(
      [torch!, keras!, kerasTf!, tfjs!].map((facts) => Math.abs(facts["slope_of_abs_at_0"] as number)),
    ).toEqual([0, 0, 0, 1]);
  });

  test("a mean weighted by class divides by the weights in PyTorch, by the rows in Keras", () => {
    const p = [
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    const mean = (reduction: string): unknown =>
      lossFromSpec({ loss: "scce", params: { class_weight: [1, 3], reduction } }).value(p, [0, 1]);
    expect(torch!["weighted_by_class"]).toBe(mean("mean"));
    expect(keras!["weighted_by_class"]).toBe(mean("sum_over_batch_size"));
  });

  test("defaults", () => {
    expect(torch!["ignore_index_by_default"]).toBe(PRESETS.torch.losses.scce_logits!.params!["ignore_index"]);
    const { alpha, reduction } = PRESETS.torch.losses.focal_logits!.params!;
    expect(torch!["focal_by_default"]).toEqual({ alpha, gamma: 2, reduction });
    expect(keras!["focal_balances_by_default"]).toBe(false);
    expect(tfjs!["all_weights_0"]).toBe("NaN");
    // -ln(1 + 1e-7), in single precision.
    expect(tfjs!["perfect_prediction"]).toBeCloseTo(-1.19e-7, 9);
  });
});

function peerOf(library: Preset | "keras_tf"): Peer {
  return JSON.parse(readFileSync(new URL(`./${library}.json`, import.meta.url), "utf8")) as Peer;
}

function expectNear(got: unknown, expected: unknown, precision: number): void {
  const a = flatNumbers(got);
  const b = flatNumbers(expected);
  expect(a).toHaveLength(b.length);
  const size = Math.max(...b.map(Math.abs));
  for (let i = 0; i < a.length; i++) {
    expect(Math.abs(a[i]! - b[i]!), `entry ${i}: ${a[i]} for ${b[i]}`).toBeLessThanOrEqual(
      precision * (size + 1e-3),
    );
  }
}
