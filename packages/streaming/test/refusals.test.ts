import { tableFromArrays, vectorFromArray, Int64, Table } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import type { LossJobOptions } from "../src/job/options.ts";
import { createPool } from "../src/pool/create-pool.ts";
import { runningLoss } from "../src/running-loss.ts";
import type { Source } from "../src/source/sources-from.ts";
import { ENGINES } from "./engines.ts";

describe.each(ENGINES)("engine %s", (engine) => {
  const pool = createPool({ workers: 0, engine });
  afterAll(() => pool.close());

  /** The refusal of a job: its code, its place, and its sentence. */
  async function refusalOf(
    source: Source | readonly Source[],
    options: Partial<LossJobOptions>,
  ): Promise<unknown> {
    const job = { losses: ["mse"], target: "y", prediction: "p", pool, ...options };
    return lastValueFrom(runningLoss(source, job)).then(
      (snapshot) => ({ accepted: snapshot }),
      (error: unknown) => error,
    );
  }

  const csv = (text: string): Uint8Array => new TextEncoder().encode(text);
  const jsonl = (...lines: unknown[]): Uint8Array =>
    csv(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const plain = tableFromArrays({
    y: Float64Array.of(1, 0),
    p: Float64Array.of(0.5, 0.25),
    w: Float64Array.of(1, -1),
  });

  describe("what is refused names its place", () => {
    const cases: Readonly<
      Record<string, [Source | readonly Source[], Partial<LossJobOptions>, object, string]>
    > = {
      "a label out of range": [
        [csv("y,p0,p1\n0,1,2\n"), csv("y,p0,p1\n1,1,2\n\n2,1,2\n")],
        { losses: ["scce_logits"], prediction: "p*" },
        { code: "LF_LABEL_OUT_OF_RANGE", row: 2, line: 4, column: "y", path: "bytes 2" },
        'bytes 2, row 2 (line 4), column "y": 2 is refused; it must be a whole number from 0 to 1.',
      ],
      "a probability out of range, in a list": [
        jsonl({ y: 0, p: [0.5, 0.5] }, { y: 0, p: [0.5, 1.5] }),
        { losses: ["scce"] },
        { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1, line: 2, column: "p" },
        'bytes, row 1 (line 2), column "p": 1.5 (element 1) is refused; it must be a probability from 0 to 1.',
      ],
      "a negative weight": [
        plain,
        { weight: "w" },
        { code: "LF_WEIGHT_OUT_OF_RANGE", row: 1, column: "w", path: "table" },
        'table, row 1, column "w": the weight is -1; weights are finite and not negative.',
      ],
      "text in a column of numbers": [
        csv('y,p\n1,2\n"3",oops\n'),
        {},
        { code: "LF_NOT_A_NUMBER", row: 1, line: 3, column: "p" },
        'bytes, row 1 (line 3), column "p": "oops" is not a number.',
      ],
      "text without classes": [
        tableFromArrays({ y: ["cat", "dog"], p: [1, 2] }),
        {},
        { code: "LF_NOT_NUMERIC", column: "y" },
        'table, column "y": it is text; name the classes in order where it holds labels.',
      ],
      "text as a weight": [
        tableFromArrays({ y: [1, 2], p: [1, 2], w: ["x", "y"] }),
        { weight: "w" },
        { code: "LF_NOT_NUMERIC", column: "w" },
        'table, column "w": it is text; give a column of numbers.',
      ],
      "text as a step": [
        jsonl({ y: 1, p: 1, s: "x" }),
        { window: { step: "s", width: 1 } },
        { code: "LF_NOT_A_NUMBER", row: 0, line: 1, column: "s" },
        'bytes, row 0 (line 1), column "s": "x" is text, not a number; give numbers.',
      ],
      "a step that no double tells from the next window's": [
        jsonl({ y: 1, p: 1, s: 7 }, { y: 1, p: 1, s: 2 ** 53 }),
        { window: { step: "s", width: 1 } },
        { code: "LF_POSITION", row: 1, line: 2, column: "s" },
        'bytes, row 1 (line 2), column "s": the step 9007199254740992 is too large for windows 1 apart; give wider ones.',
      ],
      "a step that is infinite": [
        csv("y,p,s\n1,1,inf\n"),
        { window: { step: "s", width: 4, slide: 2 } },
        { code: "LF_POSITION", row: 0, line: 2, column: "s" },
        'bytes, row 0 (line 2), column "s": the step Infinity lies in no window; give a finite number.',
      ],
      "text as a label, a value at a time": [
        jsonl({ y: "cat", p: 1 }),
        {},
        { code: "LF_NOT_A_NUMBER", row: 0, line: 1, column: "y" },
        'bytes, row 0 (line 1), column "y": "cat" is text, not a number; name the classes in order where it is a label.',
      ],
      "text as a target of numbers, with classes": [
        tableFromArrays({ y: ["cat", "dog"], p: [1, 2] }),
        { classes: ["cat", "dog"] },
        { code: "LF_NOT_NUMERIC", column: "y" },
        'table, column "y": it is text; give a column of numbers.',
      ],
      "a label that is no class": [
        jsonl({ y: "cat", p: [1, 2] }, { y: "cow", p: [1, 2] }),
        { losses: ["scce_logits"], classes: ["cat", "dog"] },
        { code: "LF_UNKNOWN_LABEL", row: 1, column: "y" },
        'bytes, row 1 (line 2), column "y": "cow" is not among the classes "cat, dog".',
      ],
      "a class more than the predictions have": [
        csv("y,p0,p1\ncat,1,2\ncow,1,2\n"),
        { losses: ["scce_logits"], prediction: "p*", classes: ["cat", "dog", "cow"] },
        { code: "LF_LABEL_OUT_OF_RANGE", row: 1, line: 3, column: "y" },
        'bytes, row 1 (line 3), column "y": "cow" is class 2 as named, and a label must be a whole number from 0 to 1; name as many classes as the predictions have.',
      ],
      "a column that is not there": [
        csv("y,prediction,weight\n"),
        { prediction: "predicton" },
        { code: "LF_UNKNOWN_COLUMN", column: "predicton", path: "bytes" },
        'bytes has no column "predicton". Did you mean prediction? It has y, prediction, weight.',
      ],
      "a name without a letter of the others": [
        csv("y,g,prediction\n"),
        { prediction: "x" },
        { code: "LF_UNKNOWN_COLUMN", column: "x", path: "bytes" },
        'bytes has no column "x". It has y, g, prediction.',
      ],
      "a name that is near to three": [
        csv("y,loss_a,loss_b,loss_c\n"),
        { prediction: "loss" },
        { code: "LF_UNKNOWN_COLUMN", column: "loss", path: "bytes" },
        'bytes has no column "loss". Did you mean loss_a, loss_b or loss_c? It has y, loss_a, loss_b, loss_c.',
      ],
      "a name that stands twice": [
        csv("y,p,p\n1,2,3\n"),
        {},
        { code: "LF_AMBIGUOUS_COLUMN", column: "p" },
        'bytes has 2 columns named "p"; rename one.',
      ],
      "lists of different lengths": [
        jsonl({ y: 0, p: [1, 2] }, { y: 0, p: [1, 2, 3] }),
        { losses: ["scce_logits"] },
        { code: "LF_SHAPE", row: 1, column: "p" },
        'bytes, row 1 (line 2), column "p": its list has 3 elements, those before it 2; all must be as long.',
      ],
      "lists of different lengths in different chunks": [
        [jsonl({ y: 0, p: [1, 2] }), jsonl({ y: 0, p: [1, 2, 3] })],
        { losses: ["scce_logits"] },
        { code: "LF_SHAPE", row: 1 },
        "Row 1 holds a list of 3 and row 0 a list of 2; all rows must be as long.",
      ],
      "one number a row where classes are read": [
        plain,
        { losses: ["scce_logits"] },
        { code: "LF_SHAPE", column: "p" },
        'table, column "p": scce_logits reads a row of class predictions, and this is one number a row; give a column of lists or several columns.',
      ],
      "an integer that no double holds": [
        new Table({ y: vectorFromArray([1n, 9007199254740993n], new Int64()), p: vectorFromArray([1, 2]) }),
        {},
        { code: "LF_INTEGER_NOT_EXACT", row: 1, column: "y" },
        'table, row 1, column "y": the integer 9007199254740993 has no exact double; give it as a float where rounding will do.',
      ],
      "a record of another width": [
        csv("y,p\n1,2\n1,2,3\n"),
        {},
        { code: "LF_BAD_CSV", line: 3 },
        "bytes, row 1 (line 3): it has 3 cells where the header has 2; mend that record.",
      ],
      "a quote that is not closed": [
        csv('y,p\n1,2\n"1,2\n'),
        {},
        { code: "LF_BAD_CSV", line: 3 },
        "bytes, row 1 (line 3): a quote is opened and not closed; mend that record.",
      ],
      "a line that is no JSON": [
        csv('{"y":1,"p":2}\n{"y":1,"p":\n'),
        {},
        { code: "LF_BAD_JSON", line: 2 },
        "bytes, row 1 (line 2): it is not valid JSON; give one JSON object a line.",
      ],
      "a loss that is not finite, under throw": [
        csv("y,p\n1,2\n1,inf\n"),
        { nan: "throw" },
        { code: "LF_NON_FINITE", row: 1 },
        "bytes: The loss in row 1 must be finite, or the policy not throw; got Infinity.",
      ],
      "a part of a loss that depends on the whole, under throw": [
        csv("y,p\n,1\n1,0.5\n1,nan\n"),
        { losses: ["dice"], nan: "throw" },
        { code: "LF_NON_FINITE", row: 2 },
        "bytes: The loss in row 2 must be finite, or the policy not throw; got NaN.",
      ],
      "an empty source": [new Uint8Array(0), {}, { code: "LF_EMPTY" }, "bytes is empty: it holds no table."],
      "binary rubbish": [
        Uint8Array.of(7, 0, 0, 3, 9, 200, 1, 2, 3, 4, 5),
        {},
        { code: "LF_UNKNOWN_FORMAT" },
        "bytes is binary, and not Arrow or Parquet; CSV and JSONL are read besides.",
      ],
      "a JSON array": [
        csv('[{"y":1}]'),
        {},
        { code: "LF_UNKNOWN_FORMAT" },
        "bytes is a JSON array; give one object a line (JSONL).",
      ],
      "top of a loss of the whole": [
        plain,
        { losses: ["dice"], top: 3 },
        { code: "LF_NOT_DECOMPOSABLE" },
        "dice depends on the whole, so no row has a loss of its own; leave top out.",
      ],
      "one value a sample": [
        plain,
        { losses: [{ loss: "mse", params: { per_sample: true } }] },
        { code: "LF_BAD_PARAMETER" },
        "mse counts elements in a stream, each for itself, and per_sample would average those of a row; leave per_sample out.",
      ],
      "a variance that is not named": [
        plain,
        { losses: ["gaussian_nll"] },
        { code: "LF_BAD_OPTION" },
        "An option is wrong: variance is not given; gaussian_nll reads the variance of each row from a column.",
      ],
      "no reduction": [
        plain,
        { losses: [{ loss: "mse", params: { reduction: "none" } }] },
        { code: "LF_REDUCTION" },
        "The reduction none gives no running figure; there are mean, sum, mean_by_count, sum_by_nonzero_weights.",
      ],
    };
    test.each(Object.entries(cases))("%s", async (_name, [source, options, place, message]) => {
      const error = await refusalOf(source, options);
      expect(error).toMatchObject(place);
      expect((error as Error).message).toBe(message);
    });
  });

  test("of two refusals the one of the earlier row is told, whichever loss or chunk met it first", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i === 40 ? -1 : 0},${i === 20 ? 7 : 0.5}`);
    const sources = [0, 30].map((at) => csv(`y,p\n${rows.slice(at, at + 30).join("\n")}\n`));
    for (const losses of [
      ["bce", "focal"],
      ["focal", "bce"],
    ]) {
      expect(await refusalOf(sources, { losses })).toMatchObject({ row: 20, column: "p" });
      expect(await refusalOf([...sources].reverse(), { losses })).toMatchObject({ row: 10, column: "y" });
    }
  });

  test("rows of weight 0 or with a null are not looked at", async () => {
    const text = csv("y,p,w\n5,0.5,0\n1,,1\n,9,1\n1,0.5,\n1,0.5,1\n");
    expect(await refusalOf(text, { losses: ["bce"], weight: "w" })).toMatchObject({
      accepted: { rows: 5, results: [{ count: 1, missing: 3, ignored: 1, mean: Math.LN2 }] },
    });
  });
});
