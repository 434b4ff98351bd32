import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fixtures } from "./support/fixtures.ts";
import { readText, type RecordingSink } from "./support/recording-sink.ts";

const spelled = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

function seriesOf(sink: RecordingSink): Record<string, unknown> {
  return Object.fromEntries(
    sink.names.map((name) => [name, sink.points(name).map(({ step, value }) => [step, spelled(value)])]),
  );
}

/** With WRITE_EXPECTED=1 the figures are written anew; look at each difference before it is committed. */
function expected(path: string, found: unknown): unknown {
  const file = `${path}.expected.json`;
  if (process.env["WRITE_EXPECTED"] === "1") writeFileSync(file, `${JSON.stringify(found)}\n`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : "no figures are written down yet";
}

describe("each format's fixture gives its figures", () => {
  for (const { name, path, bytes } of fixtures().filter((each) => !each.name.startsWith("negative/"))) {
    if (name.endsWith("meta.yaml")) continue;
    test(name, () => {
      const { sink, reader } = readText(bytes, name);
      const { total, read, ignored } = reader.lines;
      expect(total).toBe(read + ignored);
      const found = {
        format: reader.format,
        lines: { total, read, ignored },
        segments: reader.segments,
        series: seriesOf(sink),
        events: sink.events.map(({ kind, step, lastStep, count, metric, value }) => [
          kind,
          step,
          lastStep,
          count,
          metric,
          value,
        ]),
      };
      expect(found).toEqual(expected(path, found));
    });
  }
});

describe("what is no log gives no metric", () => {
  for (const { name, bytes } of fixtures("negative")) {
    test(name, () => {
      expect(readText(bytes, name).sink.names).toEqual([]);
    });
  }
});

test("UTF-16, as Windows PowerShell redirects it, is read, in any chunks", () => {
  const text = "\uFEFFstep 1: train loss 2.5, val loss 2.75\r\nstep 2: train loss 2.25, val loss 2.5\r\n";
  const bytes = new Uint8Array(Buffer.from(text, "utf16le"));
  for (const size of [1, 3, Infinity]) {
    expect(readText(bytes, "train.log", size).sink.values("train/loss")).toEqual([2.5, 2.25]);
  }
});

test("a traceback ends with its exception, behind a rank too", () => {
  for (const rank of ["", "[rank1]: ", "[default1]:"]) {
    const lines = [
      "Traceback (most recent call last):",
      '  File "train.py", line 1',
      "ValueError: bad",
      "step 2",
    ];
    const { sink } = readText(lines.map((line) => `${rank}${line}\n`).join(""), "train.log");
    expect(sink.events.map(({ message }) => message)).toEqual([
      `A Python exception: ${rank}ValueError: bad.`,
    ]);
  }
});

test("a byte order mark is no part of the first name", () => {
  expect(readText("\uFEFFstep,loss\n1,2\n", "x.csv").sink.names).toEqual(["loss"]);
});

describe("JSON lines behind a first line that is longer than 64 KiB", () => {
  const points = Array.from({ length: 60 }, (_, i) => `{"step":${i},"loss":${i / 8}}\n`);
  const settings = "x".repeat(70_000);
  const heads = {
    whole: `{"config":{"note":"${settings}"}}\n`,
    torn: `{"config":"${settings}\n`,
    "over 1 MiB": `{"step":1,"loss":9,"note":"${"x".repeat(1 << 20)}"}\n`,
    "over 3 MiB": `{"step":1,"loss":9,"note":"${"x".repeat(3 << 20)}"}\n`,
    "over 2 MiB, of many parts": `{"step":1,"loss":9,"words":[${'"word",'.repeat(300_000)}0]}\n`,
  };
  test.each(Object.entries(heads))("%s", (kind, head) => {
    const text = [head, ...points.slice(0, 50), "RuntimeError: CUDA out of memory.\n", ...points.slice(50)];
    for (const size of [9_973, 65_536, Infinity]) {
      const { sink, reader } = readText(text.join(""), "metrics.jsonl", size);
      expect(sink.values("loss"), `chunks of ${size}`).toEqual(points.map((_, i) => i / 8));
      expect(sink.events.filter((event) => event.kind === "oom")).toHaveLength(1);
      expect(reader.lines.total).toBe(62);
      expect(reader.lines.ignored).toBe(kind === "whole" ? 1 : 2);
    }
  });

  test.each([20_000, 400_000])("a document of one long line stays a document: %d numbers", (length) => {
    const losses = Array.from({ length }, (_, i) => i / 8);
    const { sink, reader } = readText(JSON.stringify({ loss: losses }), "history.json", 65_536);
    expect(reader.format).toBe("json");
    expect(sink.values("loss")).toEqual(losses);
  });
});

describe("the same key under different tags is two series", () => {
  const shapes: readonly ((tag: string, epoch: number, loss: number) => string)[] = [
    (tag, epoch, loss) => `${tag}: step=${epoch} loss=${loss}`,
    (tag, epoch, loss) => `${tag} step=${epoch} loss=${loss}`,
    (tag, epoch, loss) => `2024-01-01 00:00:0${epoch} ${tag}: step=${epoch} loss=${loss}`,
    (tag, epoch, loss) => `[${tag}] epoch ${epoch} loss: ${loss}`,
    (tag, epoch, loss) => `[2024-01-01 00:00:0${epoch}] [${tag}] epoch ${epoch} loss: ${loss}`,
    (tag, epoch, loss) => `mode=${tag} step=${epoch} loss=${loss}`,
    (tag, epoch, loss) => `step=${epoch} loss=${loss} mode=${tag}`,
    (tag, epoch, loss) => `${tag} | step ${epoch} | loss ${loss}`,
    (tag, epoch, loss) => `${tag} epoch ${epoch}: loss=${loss}`,
    (tag, epoch, loss) => `INFO - ${tag} - epoch: ${epoch}, loss: ${loss}`,
    (tag, epoch, loss) => `epoch ${epoch} ${tag}: loss ${loss}`,
    (tag, epoch, loss) => `epoch ${epoch} phase: ${tag} loss: ${loss}`,
  ];
  const tags = ["train", "training", "valid", "validation", "val", "eval", "test"];
  test.each(shapes.map((shape) => [shape("train", 1, 2), shape] as const))("%s", (_line, shape) => {
    const lines = [1, 2, 3].flatMap((epoch) => tags.map((tag, i) => shape(tag, epoch, epoch / 4 + i)));
    const { sink } = readText(lines.join("\n"), "train.log");
    for (const [i, tag] of tags.entries()) {
      expect(sink.values(`${tag}/loss`)).toEqual([0.25 + i, 0.5 + i, 0.75 + i]);
    }
    expect(sink.names).toHaveLength(tags.length);
  });

  test("a tag speaks for what follows it, up to the next", () => {
    const { sink } = readText("epoch 1 train: loss 2 acc 0.5 val: loss 3 acc 0.25", "train.log");
    expect(sink.names.map((name) => [name, ...sink.values(name)])).toEqual([
      ["train/loss", 2],
      ["train/acc", 0.5],
      ["val/loss", 3],
      ["val/acc", 0.25],
    ]);
  });
});

test("a table of ragged rows is known as one, and its rows keep the cells they have", () => {
  const { sink, reader } = readText("step,loss,acc\n1,2\n2,1.5,0.5,9\n3\n", "ragged.csv");
  expect(reader.format).toBe("csv");
  expect(sink.values("loss")).toEqual([2, 1.5]);
  expect(sink.values("acc")).toEqual([0.5]);
});

test("backspaces before a redraw, as Keras 1 prints them, take no figure away", () => {
  const erased = "\b".repeat(60);
  const text =
    "Epoch 1/1\n" +
    ` 1/4 [=====>........................] - ETA: 3s - loss: 0.9 - acc: 0.5${erased}\r` +
    `${erased} 2/4 [=============>................] - ETA: 2s - loss: 0.7 - acc: 0.625${erased}\r` +
    " 4/4 [==============================] - 1s 3ms/step - loss: 0.5 - acc: 0.75\n";
  for (const size of [1, 7, Infinity]) {
    const { sink } = readText(text, "train.log", size);
    expect(sink.values("loss")).toEqual([0.9, 0.7, 0.5]);
    expect(sink.values("acc")).toEqual([0.5, 0.625, 0.75]);
  }
});
