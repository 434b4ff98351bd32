import { describe, expect, test } from "vitest";
import { readText } from "./support/recording-sink.ts";

const kinds = (text: string, name: string): string[] =>
  readText(text, name).sink.events.map(({ kind }) => kind);

describe("a cut last line", () => {
  test("of a table keeps the cells that a separator ends", () => {
    const { sink, reader } = readText("step,loss,acc\n0,2.5,0.25\n1,2.25,0.2", "m.csv");
    expect(sink.values("acc")).toEqual([0.25, 0.2]);
    expect(sink.events).toEqual([]);
    expect(reader.lines.read).toBe(3);
    const cut = readText("step,loss,acc\n0,2.5,0.25\n1,2.2", "m.csv");
    expect(cut.sink.values("loss")).toEqual([2.5]);
    expect(cut.sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
  });

  test("of JSON lines is no record", () => {
    const { sink, reader } = readText('{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.2', "m.jsonl");
    expect(sink.values("loss")).toEqual([2.5]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
    expect([reader.lines.read, reader.lines.ignored]).toEqual([1, 1]);
    expect(reader.ignoredSamples[0]!.why).toBe("the log ends in the middle of this line");
    expect(kinds('{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.25}', "m.jsonl")).toEqual([]);
  });

  test("of text keeps the numbers that something follows", () => {
    const log =
      "step 1/9 | loss 2.5 (+nanz)| norm 1.5 (+nanz)| lr 1e-3 | 46.5 ms | 29% bf16 MFU | 11 tok/s\n";
    const { sink } = readText(`${log}step 2/9 | loss 2.25 (+nanz)| norm 1.2`, "out.log");
    expect(sink.values("loss")).toEqual([2.5, 2.25]);
    expect(sink.values("norm")).toEqual([1.5]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
  });

  test("of text in which nothing is read yet is told of too", () => {
    const log = "step 1 | loss 2.5 | lr 0.125\nstep 2 | loss 2.25 | lr 0.125\n";
    expect(kinds(`${log}ste`, "x.log")).toEqual(["truncated"]);
    expect(kinds(`${log}bye`, "x.log")).toEqual([]);
  });

  test("of a bar drawn once more adds no point of what was drawn before", () => {
    const bar = " 2/2 [====] - ETA: 0s - loss: 0.5 - acc: 0.75";
    const log = (again: string): string => `Epoch 1/2\n${bar}\r 2/2 [====] - 1s 3ms/step - ${again}`;
    for (const again of ["loss: 0", "loss: 0.", "loss: 0.5 - acc: 0.7"]) {
      const { sink } = readText(log(again), "keras.log");
      expect([sink.values("loss"), sink.values("acc")]).toEqual([[0.5], [0.75]]);
      expect(sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
    }
    const { sink } = readText(log("loss: 0.5 - acc: 0.75 - val_loss: 0.25"), "keras.log");
    expect([sink.values("loss"), sink.values("acc"), sink.values("val_loss")]).toEqual([
      [0.5],
      [0.75],
      [0.25],
    ]);
    expect(sink.events).toEqual([]);
  });

  test("ends in no number where those before it have more decimals", () => {
    const varied = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `${i},2.5${i}\n`).join("");
    const cases: readonly [log: string, name: string, series: string, values: number[]][] = [
      ["step,loss,acc\n0,2.5000,12.5000\n1,2.2500,13.5000\n2,2.0000,1", "m.csv", "acc", [12.5, 13.5]],
      ["step,acc\n0,12.5000\n1,13.5000\n2,13.52", "m.csv", "acc", [12.5, 13.5]],
      [
        "step 0: train loss 4.2500, val loss 4.3000\nstep 9: train loss 3.2500, val loss 12.3",
        "n.log",
        "val/loss",
        [4.3],
      ],
      [
        "iter 0: loss 4.2500, time 140.00ms, mfu 2.50%\nstep 9: train loss 3.2500, val loss 1",
        "n.log",
        "val/loss",
        [],
      ],
      ["train loss 2.50\ntrain loss 2.25\ntrain loss 2.", "x.log", "train/loss", [2.5, 2.25]],
      [`step,loss\n${varied}9,2`, "m.csv", "loss", [2.51, 2.52, 2.53, 2.54, 2.55, 2.56, 2.57, 2.58]],
      ["step,lr\n0,1.5e-04\n1,1.25e-04\n2,1.125e-0", "m.csv", "lr", [1.5e-4, 1.25e-4]],
      ["step,lr\n0,0.001\n1,1e-0", "m.csv", "lr", [0.001]],
      ["step,lr\n0,1.5e-14\n1,1.25e-14\n2,1.125e-1", "m.csv", "lr", [1.5e-14, 1.25e-14]],
      ["step 1 loss 2.5e-04\nstep 2 loss 2.25e-04\nstep 3 loss 2.125e", "x.log", "loss", [2.5e-4, 2.25e-4]],
      ["step 1 loss 2.5e-04\nstep 2 loss 2.25e-04\nstep 3 loss 2.1", "x.log", "loss", [2.5e-4, 2.25e-4]],
    ];
    for (const [log, name, series, values] of cases) {
      for (const size of [1, 7, Infinity]) {
        const { sink } = readText(log, name, size);
        expect(sink.values(series), log).toEqual(values);
        expect(
          sink.events.map(({ kind }) => kind),
          log,
        ).toEqual(["truncated"]);
      }
    }
    const shortest = "step,loss\n0,2.125\n1,2.125\n2,2.125\n3,2.25";
    expect(readText(shortest, "m.csv").sink.values("loss")).toEqual([2.125, 2.125, 2.125, 2.25]);
    expect(kinds("step,loss\n0,2.0\n1,1.0\n2,1", "m.csv")).toEqual([]);
    const constant = `step,lr\n${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `${i},0.001\n`).join("")}10,0`;
    expect(readText(constant, "m.csv").sink.values("lr").at(-1)).toBe(0);
    expect(kinds("step,lr\n1,0.001\n2,1e-7", "m.csv")).toEqual([]);
    expect(kinds("step,lr\n1,5e-7\n2,1e-7", "m.csv")).toEqual([]);
  });

  test("of a document keeps its complete records", () => {
    const state = JSON.stringify(
      {
        log_history: [
          { step: 1, loss: 2.5 },
          { step: 2, loss: 2.25 },
        ],
      },
      null,
      2,
    );
    const { sink } = readText(state.slice(0, state.indexOf("2.25")), "trainer_state.json");
    expect(sink.values("loss")).toEqual([2.5]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["truncated"]);
  });

  test("is whole where only the line end is missing", () => {
    expect(
      kinds("step 0: train loss 4.5, val loss 4.25\nstep 5: train loss 3.5, val loss 3.25", "n.log"),
    ).toEqual([]);
    expect(readText("train loss 2.5\ntrain loss 2.25", "x.log").sink.values("train/loss")).toEqual([
      2.5, 2.25,
    ]);
  });
});

describe("long and odd lines", () => {
  const long = "x".repeat((1 << 20) + 1);

  test("a line over 1 MiB is counted and ignored, in any chunks", () => {
    const text = `{"step": 1, "loss": 2}\n{"pad": "${long}", "loss": 9}\n{"step": 2, "loss": 1}\n`;
    for (const size of [Infinity, 1 << 18, 99_991]) {
      const { sink, reader } = readText(text, "m.jsonl", size);
      expect(sink.values("loss")).toEqual([2, 1]);
      expect([reader.lines.read, reader.lines.ignored]).toEqual([2, 1]);
      expect(reader.ignoredSamples[0]!.why).toBe("longer than 1 MiB");
    }
  });

  test("a long line of words and one of digits end in time", () => {
    const words = `${"loss ".repeat(200_000)}\n`;
    const digits = `${"1".repeat(500_000)}\n`;
    const { reader } = readText(`${words}${digits}step 1 loss 2\nstep 2 loss 1\n`, "x.log");
    expect(reader.lines.read).toBe(2);
  });

  test("NULs before a line, as a truncated file's writer leaves them, are passed over", () => {
    const hole = "\0".repeat(5000);
    expect(readText(`${hole}step 1: loss=2\nstep 2: loss=1\n`, "x.log").sink.values("loss")).toEqual([2, 1]);
  });

  test("hostile names are names", () => {
    const { sink } = readText('{"__proto__": 1, "constructor": 2, "": 3, "\\u202Ex": 4}\n', "m.jsonl");
    expect(sink.names).toEqual(["__proto__", "constructor", "", "\u202Ex"]);
  });
});
