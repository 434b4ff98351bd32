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
  readonly gradient?: number[][];
}

interface Peer {
  readonly library: Preset;
  readonly version: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly cases: readonly PeerCase[];
}

/** How far the peer itself is from the true figure: the last digits of double and single precision. */
const PRECISION = { torch: 2e-14, keras: 2e-14, tfjs: 3e-7 };

describe.each(["torch", "keras", "tfjs"] as const)(
  "the preset %s gives the library's own figure",
  (library) => {
    const url = new URL(`./${library}.json`, import.meta.url);
    const { version, inputs, cases } = JSON.parse(readFileSync(url, "utf8")) as Peer;

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
        // Keras divides by the rows not ignored, plus 1e-7.
        const precision = library === "keras" && "ignore_index" in params ? 1e-7 : PRECISION[library];
        const made = lossFromSpec({ loss, params: given, preset: library });
        expectNear(made.value(inputs[prediction]!, inputs[target]!, extra), value, precision);
        if (gradient === undefined) return;
        expectNear(made.gradient(inputs[prediction]!, inputs[target]!, extra), gradient, precision);
      },
    );

    test("each loss of the preset has a figure, but those the library has elsewhere", () => {
      const covered = new Set(cases.map(({ loss }) => loss));
      const without = Object.keys(PRESETS[library].losses).filter((loss) => !covered.has(loss));
      // torchvision is not torch, and log_loss_eps is the formula under another name.
      expect(without).toEqual({ torch: ["focal_logits"], keras: [], tfjs: ["log_loss_eps"] }[library]);
    });
  },
);

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
