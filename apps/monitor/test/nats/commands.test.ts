import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNats } from "@lossflow/jetstream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatsLab } from "../../../../packages/jetstream/test/lab/nats-lab.ts";
import { lossflow, outcomeOf, startLossflow } from "../command/lossflow.ts";

describe("commands over a nats-server", () => {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-nats-test-"));
  const table = join(folder, "scores.csv");
  const job = [
    table,
    "--loss",
    "bce_logits",
    "--loss",
    "mse",
    "--target",
    "y",
    "--prediction",
    "p",
    "--by",
    "g",
  ];
  let lab: NatsLab;

  beforeAll(async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `${i % 2},${Math.sin(i) * 3},${"abc"[i % 3]}`);
    writeFileSync(table, `y,p,g\n${rows.join("\n")}\n`);
    lab = await NatsLab.start();
  });
  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true });
  });

  const figures = (text: string): unknown => {
    const { rows, results, engine } = JSON.parse(text) as Record<string, unknown>;
    return { rows, results, engine };
  };

  test("eval --nats prints what eval prints, once a worker is there; a signal ends the worker with 143", async () => {
    const without = await lossflow(["eval", ...job, "--nats", lab.url, "--timeout", "1"]);
    expect(without).toMatchObject({ exitCode: 30, stdout: "" });
    expect(without.stderr).toMatch(
      /^lossflow: incomplete: 0\/\d+ chunks\. .* No worker was there: start one/,
    );

    const worker = startLossflow(["worker", "--nats", lab.url, "--workers", "1"]);
    const ended = outcomeOf(worker);
    await once(worker.stderr, "data");
    const [there, here] = [
      await lossflow(["eval", ...job, "--nats", lab.url, "--json"]),
      await lossflow(["eval", ...job, "--json"]),
    ];
    worker.kill("SIGTERM");
    expect(there).toMatchObject({ exitCode: 0, stderr: "" });
    expect(figures(there.stdout)).toEqual(figures(here.stdout));
    expect(await ended).toMatchObject({ exitCode: 143, stdout: "" });
  });

  test("a job whose submitter was killed is gone on with by --job, and by no other job", async () => {
    const named = ["--nats", lab.url, "--job", "nightly"];
    const first = startLossflow(["eval", ...job, ...named]);
    const killed = outcomeOf(first);
    await using nats = await connectNats({ servers: lab.url });
    const sent = async (): Promise<boolean> => {
      for await (const { config, state } of nats.manager.streams.list())
        if (config.name.startsWith("lossflow-nightly-") && state.messages > 0) return true;
      return false;
    };
    while (!(await sent()));
    first.kill("SIGKILL");
    await killed;
    const other = await lossflow(["eval", ...job, "--loss", "mae", ...named]);
    expect(other).toMatchObject({ exitCode: 30, stdout: "" });
    expect(other.stderr).toContain("A job named nightly is there already");

    const foreign = startLossflow(["worker", "--nats", lab.url, "--workers", "1", "--engine", "js"]);
    const foreignEnded = outcomeOf(foreign);
    const waiting = await lossflow(["eval", ...job, ...named, "--timeout", "4"]);
    expect(waiting.exitCode).toBe(30);
    expect(waiting.stderr).toMatch(
      /^lossflow: This job is for the engine wasm-simd \S+ \(kernels \w+\), and the workers that are there have js /,
    );
    expect(waiting.stderr).toContain("incomplete: 0/");
    foreign.kill("SIGTERM");
    await foreignEnded;

    const worker = startLossflow(["worker", "--nats", lab.url, "--workers", "1"]);
    const ended = outcomeOf(worker);
    const resumed = await lossflow(["eval", ...job, ...named, "--json"]);
    worker.kill("SIGTERM");
    await ended;
    expect(figures(resumed.stdout)).toEqual(figures((await lossflow(["eval", ...job, "--json"])).stdout));
    expect(await sent()).toBe(false);
  });

  test("a job is cancelled by name: its submitter says so, and nothing of it stays", async () => {
    const submitter = startLossflow(["eval", ...job, "--nats", lab.url, "--job", "doomed"]);
    const ended = outcomeOf(submitter);
    await using nats = await connectNats({ servers: lab.url });
    const streams = async (): Promise<string[]> => {
      const names: string[] = [];
      for await (const { config, state } of nats.manager.streams.list())
        if (config.name.includes("lossflow-doomed-") && state.messages > 0) names.push(config.name);
      return names;
    };
    while ((await streams()).length === 0);
    const unknown = await lossflow(["worker", "--nats", lab.url, "--cancel", "doom"]);
    expect(unknown).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "lossflow: There is no job doom on these servers; those there are: doomed.\n",
    });
    expect(await lossflow(["worker", "--nats", lab.url, "--cancel", "doomed"])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "lossflow: The job doomed is cancelled: workers leave it, and nothing of it is kept.\n",
    });
    const { exitCode, stdout, stderr } = await ended;
    expect([exitCode, stdout]).toEqual([30, ""]);
    expect(stderr).toMatch(/^lossflow: The job doomed is no longer there: it was cancelled, [^\n]+\.\n$/);
    expect(await streams()).toEqual([]);
    expect((await lossflow(["worker", "--nats", lab.url, "--cancel", "doomed"])).stderr).toBe(
      "lossflow: There is no job doomed on these servers; there are no jobs at all.\n",
    );
  });

  test("what is published is a source of summary, watch and check, under its own names", async () => {
    const log = join(folder, "train.jsonl");
    writeFileSync(log, '{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.25}\n');
    const once1 = await lossflow(["publish", log, "--nats", lab.url, "--run", "exp/seed 1", "--once"]);
    expect(once1).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    appendFileSync(log, '{"step": 3, "loss": NaN}\n');
    await lossflow(["publish", log, "--nats", lab.url, "--run", "exp/seed 1", "--once"]);
    const piped = await lossflow(
      ["publish", "-", "--nats", lab.url, "--run", "two"],
      "step 1 loss 0.5\nstep 2 loss 0.25\n",
    );
    expect(piped).toEqual({ exitCode: 0, stdout: "", stderr: "" });

    const summary = await lossflow(["summary", lab.url, "--json"]);
    const { runs } = JSON.parse(summary.stdout) as {
      runs: { run: string; source: string; metrics: unknown[] }[];
    };
    expect(runs.map(({ run, source }) => [run, source])).toEqual([
      ["exp/seed 1", lab.url],
      ["two", lab.url],
    ]);
    expect(runs[0]!.metrics).toMatchObject([{ name: "loss", count: 3, nan: 1, mean: 2.375 }]);
    const one = await lossflow(["watch", `${lab.url}/two`, "--once", "--json"]);
    expect(one.stdout).toContain('"run":"two"');
    expect(one.stdout).not.toContain("seed");
    expect(await lossflow(["check", `${lab.url}/exp%2Fseed%201`])).toMatchObject({ exitCode: 21 });
  });

  test("a second publisher of a run ends the first with a sentence; a file that is not there is no success", async () => {
    const [log, other] = [join(folder, "first.jsonl"), join(folder, "second.jsonl")];
    writeFileSync(log, '{"step": 1, "loss": 1}\n');
    writeFileSync(other, '{"step": 1, "loss": 5}\n');
    const first = startLossflow(["publish", log, "--nats", lab.url, "--run", "mine"]);
    const ended = outcomeOf(first);
    while (!(await lossflow(["summary", `${lab.url}/mine`])).stdout.includes("loss"));
    await lossflow(["publish", other, "--nats", lab.url, "--run", "mine", "--once"]);
    appendFileSync(log, '{"step": 2, "loss": 2}\n');
    expect(await ended).toMatchObject({
      exitCode: 30,
      stderr: expect.stringContaining("Another publisher writes"),
    });
    const missing = await lossflow(["publish", join(folder, "none"), "--nats", lab.url, "--once"]);
    expect(missing).toMatchObject({ exitCode: 30, stderr: expect.stringContaining("There is no ") });
  });

  test("a published file that was rewritten begins anew, and is followed live", async () => {
    const log = join(folder, "live.jsonl");
    writeFileSync(log, '{"step": 1, "loss": 9}\n');
    const publisher = startLossflow(["publish", log, "--nats", lab.url, "--run", "live"]);
    const watcher = startLossflow(["watch", `${lab.url}/live`, "--json"]);
    const ended = [outcomeOf(publisher), outcomeOf(watcher)];
    let shown = "";
    watcher.stdout.on("data", (chunk: string) => (shown += chunk));
    const seen = async (text: string): Promise<void> => {
      while (!shown.includes(text)) await once(watcher.stdout, "data");
    };
    await seen('"value":9');
    writeFileSync(log, '{"step": 1, "loss": 7}\n{"step": 2, "loss": 6}\n');
    await seen('"value":6');
    publisher.kill("SIGINT");
    watcher.kill("SIGINT");
    expect((await Promise.all(ended)).map(({ exitCode }) => exitCode)).toEqual([130, 130]);
  });

  test.each([
    [
      ["eval", "x.csv", "--loss", "mse", "--target", "a", "--prediction", "b", "--nats", "http://a"],
      2,
      "no address",
    ],
    [["worker", "--nats", "nats://127.0.0.1:1"], 30, "No nats-server answers at nats://127.0.0.1:1"],
    [["worker"], 2, "--nats"],
    [["publish", "-", "--nats", "nats://127.0.0.1:1"], 2, "give it one with --run"],
    [["publish", "-", "--run", "", "--nats", "nats://127.0.0.1:1"], 2, "give it one with --run"],
    [["summary", "nats://me:secret@127.0.0.1:1/x"], 30, "No nats-server answers at nats://127.0.0.1:1"],
  ] as const)("%j: %i, %s", async (args, exitCode, sentence) => {
    const outcome = await lossflow(args);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toContain(sentence);
    expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(outcome.stderr).not.toContain("secret");
  });
});
