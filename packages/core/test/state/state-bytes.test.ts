import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RunningLoss, type RunningLossState } from "@lossflow/core";
import { holds } from "../oracle.ts";
import { stateFrom } from "./any-row.ts";

describe("bytes", () => {
  const sample = RunningLoss.toBytes(
    stateFrom(
      [1.5, Number.NaN, 1e-300, -7e200].map((value) => ({ kind: "loss", value, weight: 0.3 })),
      {},
    ),
  );

  test("cut anywhere or with any byte changed are refused with a code", () => {
    const refused = expect.objectContaining({ code: expect.stringMatching(/^LF_STATE_/) as string });
    for (let i = 0; i < sample.length; i++) {
      expect(() => RunningLoss.fromBytes(sample.subarray(0, i))).toThrow(refused);
      for (const flip of [1, 0x80, 0xff]) {
        const changed = sample.slice();
        changed[i]! ^= flip;
        expect(() => RunningLoss.fromBytes(changed)).toThrow(refused);
      }
    }
  });

  test("of another kind or a later version say so", () => {
    const code = (code: string): unknown => expect.objectContaining({ code });
    expect(() => RunningLoss.fromBytes(new Uint8Array(200))).toThrow(code("LF_STATE_UNKNOWN"));
    const later = sample.slice();
    later[4] = 2;
    expect(() => RunningLoss.fromBytes(later)).toThrow(code("LF_STATE_VERSION"));
  });

  const seal = (bytes: Uint8Array): Uint8Array => {
    let h = 0x811c9dc5;
    for (const byte of bytes.subarray(0, -4)) h = Math.imul(h ^ byte, 0x01000193);
    new DataView(bytes.buffer).setUint32(bytes.length - 4, h, true);
    return bytes;
  };

  test("sealed anew around what cannot be are refused", () => {
    const refused = expect.objectContaining({ code: "LF_STATE_DAMAGED" });
    expect(() => RunningLoss.fromBytes(seal(Uint8Array.of(...sample, 0, 0)))).toThrow(refused);
    for (const [at, x] of [
      [68, Number.NaN],
      [68, 1e300],
      [76, -1],
      [84, Infinity],
    ] as const) {
      const bytes = sample.slice();
      new DataView(bytes.buffer).setFloat64(at, x, true);
      expect(() => RunningLoss.fromBytes(seal(bytes))).toThrow(refused);
    }
  });

  test("sealed anew around any content are read or refused, and then written as they were", () => {
    const change = fc.tuple(fc.integer({ min: 5, max: sample.length - 5 }), fc.nat(255));
    holds(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(12), (changes, cut) => {
        const bytes = sample.slice(0, sample.length - cut);
        for (const [at, byte] of changes) bytes[at] = byte;
        let state: RunningLossState;
        try {
          state = RunningLoss.fromBytes(seal(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^LF_STATE_/) as string });
          return;
        }
        expect(RunningLoss.toBytes(state)).toEqual(bytes);
      }),
      1000,
    );
  });

  test("do not change from release to release", () => {
    expect(Buffer.from(sample).toString("hex")).toMatchInlineSnapshot(
      `"4c46524c010800010000000003000000000000000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000f76dcbc354aa2e90000000000000840000000000000f83f0000000000000000e4000000ddff710000008a9463b40c2ce2e541f4d514c9fcffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffcdcccccccccc8cfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff903db1a84159fe84454dc54be020c000000feff040000646666666666e6bc010000bcffdc00000000032fd9244e102ca316ec2d3c51961920cca471220000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000cbccccccccccac000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000d33bc1c4819447cea47b1f9b182cfca8b9c716190014000000fcff08000000b047e17a14ae471d85eb51b81e45c0991463"`,
    );
  });
});
