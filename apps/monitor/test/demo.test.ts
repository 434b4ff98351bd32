import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import type { Context } from "../src/cli/context.ts";
import type * as DemoCommand from "../src/demo/demo-command.ts";
import { computeFindings } from "../src/demo/demo-findings.ts";
import { planDemo } from "../src/demo/demo-plan.ts";
import { formatDemoTables } from "../src/demo/demo-tables.ts";
import { computeResults } from "../src/demo/compute-results.ts";
import { scoreDemo } from "../src/demo/score-demo.ts";
import type * as StartTraining from "../src/demo/start-training.ts";
import { readWeather, trainDemo } from "../src/demo/train-demo.ts";
import { styleFor } from "../src/format/style.ts";
import { lossflow, outcomeOf, startLossflow } from "./command/lossflow.ts";

const root = mkdtempSync(join(tmpdir(), "lossflow-demo-command-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const days = readWeather();
const plans = planDemo(days, 1);

interface Summary {
  readonly runs: readonly {
    readonly run: string;
    readonly metrics: readonly { readonly name: string; readonly count: number; readonly last: number }[];
  }[];
}

describe("lossflow demo", () => {
  it("trains, follows, and prints what its own files say", { timeout: 120_000 }, async () => {
    const { exitCode, stdout, stderr } = await outcomeOf(
      startLossflow(["demo"], { TMPDIR: root, npm_package_name: "" }),
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    const name = readdirSync(root).find((entry) => entry.startsWith("lossflow-demo-"));
    const folder = join(root, name!);
    expect(stdout).toContain(`following their logs in ${folder}.`);
    expect(stdout).toMatch(/ epoch .* of /);

    const scores = await scoreDemo(plans, folder);
    const results = computeResults(days, scores);
    for (const line of formatDemoTables(results, styleFor({}, {}))) expect(stdout).toContain(line);
    const flowing = stdout.replace(/\n {2}(?=\S)/g, " ");
    for (const finding of computeFindings(results)) expect(flowing).toContain(finding);

    // What the demo is there to show; the figures decide, and these have room to spare for any seed.
    const change = (title: string): number => {
      const [clean, faulty] = results.temperature.filter((score) => score.title === title);
      return faulty!.error - clean!.error;
    };
    expect(change("MSE")).toBeGreaterThan(0.3);
    expect(Math.abs(change("MAE"))).toBeLessThan(0.15);
    expect(Math.abs(change("Huber"))).toBeLessThan(0.15);
    const [plain, balanced] = results.snow;
    expect(balanced!.recall).toBeGreaterThan(plain!.recall + 0.2);

    const summary = await lossflow(["summary", "--json", folder]);
    const { runs } = JSON.parse(summary.stdout) as Summary;
    expect(runs.map(({ run }) => run).sort()).toEqual(plans.map((plan) => plan.name).sort());
    for (const { plan, shared, sharedByEpoch } of scores) {
      const metrics = runs.find(({ run }) => run === plan.name)!.metrics;
      expect(metrics.find((metric) => metric.name === `val/${plan.shared.name}`)).toMatchObject({
        count: sharedByEpoch.length,
        last: shared,
      });
    }
  });

  it("ends with 130 at SIGINT", { timeout: 60_000 }, async () => {
    const folder = join(root, "interrupted");
    const child = startLossflow(["demo", "--out", folder]);
    const outcome = outcomeOf(child);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const { exitCode, stderr } = await outcome;
    expect([exitCode, stderr]).toEqual([130, ""]);
  });

  it("refuses a folder that holds something, before it trains", { timeout: 30_000 }, async () => {
    const { exitCode, stdout, stderr } = await lossflow(["demo", "--out", import.meta.dirname]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^lossflow: .* is not empty.*\n$/);
  });
});

/** A built module of the demo: a thread cannot run the sources. */
async function builtModule<M>(name: string): Promise<M> {
  return (await import(/* @vite-ignore */ new URL(`../dist/demo/${name}.js`, import.meta.url).href)) as M;
}

describe("lossflow demo on a terminal", () => {
  it.each([
    ["q ends it with 0", "q", 0, /Stopped\./],
    ["Ctrl-C ends it with 130", "\u0003", 130, /following their logs/],
  ])("%s", { timeout: 30_000 }, async (_what, key, exitCode, said) => {
    const { runDemo } = await builtModule<typeof DemoCommand>("demo-command");
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 });
    let shown = "";
    stdout.on("data", (text: Buffer) => {
      shown += text.toString();
      // A chart: a log is being followed.
      if (shown.includes("extrema hidden")) stdin.write(key);
    });
    const context = { stdin, stdout, stderr: process.stderr, env: {}, signal: new AbortController().signal };
    const folder = join(root, `terminal-${exitCode}`);
    expect(await runDemo(context as unknown as Context, { out: folder })).toBe(exitCode);
    expect(shown).toMatch(said);
    expect(shown).not.toContain("Settled");
    expect(readdirSync(folder).sort()).toEqual(plans.map((plan) => plan.name).sort());
  });
});

describe("the training thread", () => {
  it("says in one sentence that it cannot write", { timeout: 30_000 }, async () => {
    const { startTraining } = await builtModule<typeof StartTraining>("start-training");
    const folder = join(root, "not-there");
    const { ended } = startTraining({ folder, seed: 1, epochs: 1 });
    await expect(ended).rejects.toMatchObject({ code: "LF_UNWRITABLE", path: folder });
    await expect(ended).rejects.toThrow(
      /cannot write its files in .*: the system says ENOENT; name another folder/,
    );
  });

  it("trains what this thread would", { timeout: 30_000 }, async () => {
    const { startTraining } = await builtModule<typeof StartTraining>("start-training");
    const [here, there] = [mkdtempSync(join(root, "here-")), mkdtempSync(join(root, "there-"))];
    trainDemo({ folder: here, seed: 5, epochs: 2 });
    expect(await startTraining({ folder: there, seed: 5, epochs: 2 }).ended).toBe(true);
    for (const { name } of plans) {
      for (const file of readdirSync(join(here, name))) {
        expect(readFileSync(join(there, name, file)).equals(readFileSync(join(here, name, file)))).toBe(true);
      }
    }
  });

  it("stops when told to", { timeout: 30_000 }, async () => {
    const { startTraining } = await builtModule<typeof StartTraining>("start-training");
    const training = startTraining({
      folder: mkdtempSync(join(root, "stopped-")),
      seed: 1,
      epochs: 1_000_000,
    });
    training.stop();
    expect(await training.ended).toBe(false);
  });
});
