import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discoverRuns, readRun } from "../src/node.ts";
import {
  bytesField,
  historyRecord,
  integer,
  message,
  scalarEvent,
  tfrecords,
  versionEvent,
  wandbFile,
} from "./support/binary-logs.ts";
import { RecordingSink } from "./support/recording-sink.ts";

let root: string;

function put(path: string, content: string | Uint8Array): string {
  const whole = join(root, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

const state = (step: number): string =>
  JSON.stringify(
    { log_history: Array.from({ length: step }, (_, i) => ({ step: i + 1, loss: step })) },
    null,
    2,
  );

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "lossflow-read-"));
  put("work/lightning_logs/version_2/metrics.csv", "epoch,step,train_loss\n0,1,2.5\n");
  put("work/lightning_logs/version_2/hparams.yaml", "lr: 0.1\n");
  put("work/lightning_logs/version_10/metrics.csv", "epoch,step,train_loss\n0,1,1.5\n");
  put("work/llama/checkpoint-2/trainer_state.json", state(2));
  put("work/llama/checkpoint-10/trainer_state.json", state(10));
  put("work/tb/run-a/events.out.tfevents.1.host", tfrecords(versionEvent, scalarEvent(1, 1e9, { loss: 3 })));
  put("work/tb/run-a/events.out.tfevents.2.host", tfrecords(versionEvent, scalarEvent(2, 1e9, { loss: 2 })));
  put("work/mlruns/1/0a1b/meta.yaml", "run_id: 0a1b\nrun_name: swift-owl\n");
  put("work/mlruns/1/0a1b/metrics/train/loss", "1731484475712 0.5 0\n1731484475999 0.25 1\n");
  put("work/mlruns/1/0a1b/metrics/acc", "1731484475712 0.75 0\n");
  put("work/baseline.jsonl", '{"step": 1, "loss": 2}\n');
  put("work/package.json", '{"name": "x", "version": "1.0.0"}\n');
  put("work/notes.txt", "remember the milk\n");
  put("work/node_modules/pkg/log.csv", "step,loss\n1,2\n");
  put("empty.log", "");
  put("scores.csv", "id,target,prediction\n1,0.5,0.25\n2,1,0.75\n");
  put("lfs/main.log", "version https://git-lfs.github.com/spec/v1\noid sha256:7dcd\nsize 793878\n");
  put("prose/notes.txt", "nothing to see\n");
  put(
    "image.png",
    Uint8Array.from({ length: 3000 }, (_, i) => (i * i * 31) & 255),
  );
});

afterAll(() => rmSync(root, { recursive: true }));

describe("runs below a folder", () => {
  test("have the names that a person would give", () => {
    const runs = discoverRuns([join(root, "work")]);
    expect(runs.map(({ name, paths }) => [name, paths.length])).toEqual([
      ["baseline", 1],
      ["version_2", 1],
      ["version_10", 1],
      ["llama", 1],
      ["swift-owl", 2],
      ["run-a", 2],
    ]);
    expect(runs.find(({ name }) => name === "llama")!.paths[0]).toContain("checkpoint-10");
  });

  test("of equal names are told apart by the folders above", () => {
    put("pair/a/out/train.csv", "step,loss\n1,2\n");
    put("pair/b/out/train.csv", "step,loss\n1,2\n");
    const names = discoverRuns([join(root, "pair")]).map(({ name }) => name);
    expect(names).toEqual(["a/out", "b/out"]);
  });

  test("that writers record twice are found once", () => {
    put("twice/boost/catboost_info/learn_error.tsv", "iter\tLogloss\n0\t0.5\n");
    put("twice/boost/catboost_info/test_error.tsv", "iter\tLogloss\n0\t0.75\n");
    put(
      "twice/boost/catboost_info/catboost_training.json",
      '{"iterations":[{"learn":[0.5],"iteration":0}]}\n',
    );
    put("twice/boost/catboost_info/learn/events.out.tfevents", tfrecords(versionEvent));
    put("twice/dvc/dvclive/plots/metrics/train/loss.tsv", "step\tloss\n0\t0.5\n");
    put("twice/dvc/dvclive/plots/metrics/acc.tsv", "step\tacc\n0\t0.5\n");
    put("twice/dvc/dvclive/metrics.json", '{"train": {"loss": 0.5}, "step": 0}\n');
    put("twice/wandb/run-1/files/wandb-summary.json", '{"loss": 0.5, "_step": 1}\n');
    const runs = discoverRuns([join(root, "twice")]);
    expect(runs.map(({ name, paths }) => [name, paths.length])).toEqual([
      ["boost", 2],
      ["dvclive", 2],
    ]);
  });

  test("that print beside their JSON are one, and what happened to them is told", async () => {
    const stamp = "20230101_120000";
    const scalars =
      '{"lr": 0.1, "loss": 2.5, "step": 1, "iter": 1}\n{"lr": 0.1, "loss": 2.25, "step": 2, "iter": 2}\n';
    put(`mm/r50/${stamp}/vis_data/scalars.json`, scalars);
    put(`mm/r50/${stamp}/vis_data/${stamp}.json`, scalars);
    put(
      `mm/r50/${stamp}/${stamp}.log`,
      "2023/01/01 12:00:00 - mmengine - INFO - Epoch(train) [1][1/2]  lr: 1.0e-01  loss: 2.5000\nCUDA out of memory\n",
    );
    put(`mm/old/${stamp}.log.json`, '{"mode": "train", "epoch": 1, "iter": 1, "loss": 2.5}\n');
    put(
      `mm/old/${stamp}.log`,
      "2023-01-01 12:00:00,000 - mmdet - INFO - Epoch [1][1/2]  lr: 0.1, loss: 2.5\n",
    );
    put("mm/d2/metrics.json", '{"iteration": 19, "total_loss": 2.5}\n');
    put(
      "mm/d2/log.txt",
      "[01/01 12:00:00 d2.utils.events]:  eta: 0:00:00  iter: 19  total_loss: 2.5  lr: 0.1\n",
    );
    const runs = discoverRuns([join(root, "mm")]);
    expect(runs.map(({ paths, asides }) => [paths.length, asides?.length])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    const sink = new RecordingSink();
    await readRun(
      runs.find(({ paths }) => paths[0]!.endsWith("scalars.json"))!,
      sink,
    );
    expect(sink.values("loss")).toEqual([2.5, 2.25]);
    expect(sink.events.map(({ kind }) => kind)).toEqual(["oom"]);
  });

  test("of one chart of Weights & Biases are told apart by its columns", async () => {
    const path = put(
      "wandb/chart.csv",
      '"Step","calm - loss","calm - loss__MIN","wild-7 - loss","wild-7 - loss__MIN"\n"1","2.5","2.25","3.5","3.25"\n"2","2","1.75","NaN",""\n',
    );
    const runs = discoverRuns([path]);
    expect(runs.map(({ name }) => name)).toEqual(["calm", "wild-7"]);
    const sinks = await Promise.all(
      runs.map(async (run) => {
        const sink = new RecordingSink();
        await readRun(run, sink);
        return sink;
      }),
    );
    expect(sinks.map(({ names }) => names)).toEqual([
      ["loss", "loss__MIN"],
      ["loss", "loss__MIN"],
    ]);
    expect(sinks.map((sink) => sink.values("loss"))).toEqual([
      [2.5, 2],
      [3.5, NaN],
    ]);
  });

  test("of Weights & Biases have the name that they were given", () => {
    const named = message(
      integer(1, 1),
      bytesField(17, message(bytesField(1, "ab12"), bytesField(8, "calm sea"))),
    );
    const path = put("wandb/offline-run-1/run-ab12.wandb", wandbFile(named, historyRecord(0, { loss: "1" })));
    expect(discoverRuns([path]).map(({ name }) => name)).toEqual(["calm sea"]);
  });

  test("are found by a pattern", () => {
    const runs = discoverRuns([join(root, "work/lightning_logs/*/metrics.csv")]);
    expect(runs.map(({ name }) => name)).toEqual(["version_2", "version_10"]);
    expect(discoverRuns([join(root, "work/**/{metrics.csv,*.jsonl}")])).toHaveLength(3);
  });
});

describe("reading", () => {
  const read = async (path: string, index = 0): Promise<RecordingSink> => {
    const sink = new RecordingSink();
    await readRun(discoverRuns([join(root, path)])[index]!, sink);
    return sink;
  };

  test("joins the event files of a folder", async () => {
    const sink = await read("work/tb");
    expect(sink.points("loss").map(({ step, value }) => [step, value])).toEqual([
      [1, 3],
      [2, 2],
    ]);
  });

  test("joins the metrics of an MLflow run", async () => {
    const sink = await read("work/mlruns");
    expect([...sink.names].sort()).toEqual(["acc", "train/loss"]);
    expect(sink.values("train/loss")).toEqual([0.5, 0.25]);
  });

  test("ends early where the signal says so", async () => {
    const run = discoverRuns([join(root, "work/baseline.jsonl")])[0]!;
    await expect(readRun(run, new RecordingSink(), { signal: AbortSignal.abort() })).rejects.toThrow(
      /abort/i,
    );
  });
});

describe("what cannot be read is refused in one sentence, by code", () => {
  test.each([
    ["absent.log", "LF_SOURCE_MISSING"],
    ["none/*.csv", "LF_SOURCE_MISSING"],
    ["prose", "LF_NO_RUN"],
  ])("%s: %s", (path, code) => {
    expect(() => discoverRuns([join(root, path)])).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ["empty.log", "LF_SOURCE_EMPTY", "empty"],
    ["image.png", "LF_SOURCE_BINARY", "binary"],
    ["prose/notes.txt", "LF_NO_METRIC", "No metric"],
    ["lfs/main.log", "LF_NO_METRIC", "git lfs pull"],
    ["scores.csv", "LF_NO_METRIC", "eval"],
    ["work/package.json", "LF_NO_METRIC", "settings"],
  ])("%s: %s", async (path, code, words) => {
    const run = discoverRuns([join(root, path)])[0]!;
    const failure = readRun(run, new RecordingSink());
    await expect(failure).rejects.toMatchObject({ code, path: join(root, path) });
    await expect(failure).rejects.toThrow(words);
  });

  test.skipIf(process.platform === "win32").each(["/dev/zero", "/dev/urandom"])(
    "%s, which has no end",
    async (path) => {
      const failure = readRun({ name: "x", source: path, paths: [path] }, new RecordingSink());
      await expect(failure).rejects.toMatchObject({ code: "LF_SOURCE_BINARY", path });
    },
  );

  test("a file that begins with a hole of zeros is read behind it", async () => {
    const path = put(
      "hole.jsonl",
      Buffer.concat([Buffer.alloc(9 << 20), Buffer.from('\n{"step":1,"loss":2}\n')]),
    );
    const sink = new RecordingSink();
    await readRun({ name: "x", source: path, paths: [path] }, sink);
    expect(sink.values("loss")).toEqual([2]);
  });

  test("a folder where a file should be", async () => {
    const failure = readRun({ name: "x", source: root, paths: [root] }, new RecordingSink());
    await expect(failure).rejects.toMatchObject({ code: "LF_SOURCE_UNREADABLE" });
  });
});
