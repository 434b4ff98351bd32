import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { computeResults } from "../src/demo/compute-results.ts";
import { planDemo } from "../src/demo/demo-plan.ts";
import { makeDemoFolder } from "../src/demo/demo-folder.ts";
import { ownCommand, quotePath } from "../src/demo/own-command.ts";
import { predictionsFromBytes, writePredictions } from "../src/demo/predictions-file.ts";
import { scoreDemo } from "../src/demo/score-demo.ts";
import { LOG_FILE, PREDICTIONS_FILE, readWeather, trainDemo } from "../src/demo/train-demo.ts";
import { wrapText } from "../src/demo/wrap-text.ts";

const EPOCHS = 3;
const root = mkdtempSync(join(tmpdir(), "lossflow-demo-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const days = readWeather();
const plans = planDemo(days, 1);

function train(seed: number): string {
  const folder = makeDemoFolder(join(root, `seed-${seed}-${mkdtempSync(join(root, "x")).slice(-6)}`));
  trainDemo({ folder, seed, epochs: EPOCHS });
  return folder;
}

const bytesOf = (folder: string, run: string, file: string): Buffer => readFileSync(join(folder, run, file));

describe("the files of the demo", () => {
  let folder = "";
  beforeAll(() => {
    folder = train(1);
  });

  it("are the same, byte for byte, for the same seed, and others for another", () => {
    const again = train(1);
    const other = train(2);
    for (const { name } of plans) {
      for (const file of [LOG_FILE, PREDICTIONS_FILE]) {
        expect(bytesOf(again, name, file).equals(bytesOf(folder, name, file))).toBe(true);
        expect(bytesOf(other, name, file).equals(bytesOf(folder, name, file))).toBe(false);
      }
    }
  });

  it("log the training loss every ten steps and the held-out losses every epoch", () => {
    for (const { name, shared } of plans) {
      const lines = bytesOf(folder, name, LOG_FILE)
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, number>);
      const training = lines.filter((line) => "train/loss" in line);
      const steps = lines.at(-1)!["step"]!;
      expect(training).toHaveLength(Math.ceil(steps / 10));
      training.slice(0, -1).forEach((line, k) => expect(line["step"]).toBe(10 * (k + 1)));
      const held = lines.filter((line) => "val/loss" in line);
      expect(held.map((line) => line["epoch"])).toEqual([1, 2, 3]);
      for (const line of held) expect(line[`val/${shared.name}`]).toBeGreaterThan(0);
      expect(held.at(-1)![`val/${shared.name}`]).toBeLessThan(held[0]![`val/${shared.name}`]!);
    }
  });

  it("give the same means by the engine, by core and by the log", async () => {
    const scores = await scoreDemo(plans, folder);
    const results = computeResults(days, scores);
    expect(results.temperature.map(({ title, faults }) => `${title} ${faults}`)).toEqual([
      "MSE false",
      "MSE true",
      "MAE false",
      "MAE true",
      "Huber false",
      "Huber true",
    ]);
    expect(results.temperatureDays).toBe(365);
    expect(results.sameAsToday).toBeCloseTo(2.24, 2);
    expect(results.snow.map(({ positives }) => positives)).toEqual([26, 26, 26]);
    for (const { sharedByEpoch, shared } of scores) {
      expect(sharedByEpoch).toHaveLength(EPOCHS);
      expect(sharedByEpoch.at(-1)).toBe(shared);
    }
  });

  it("are not believed where log and predictions differ in the last digit", async () => {
    const changed = train(1);
    const log = join(changed, "snow-focal", LOG_FILE);
    const last = JSON.parse(readFileSync(log, "utf8").trimEnd().split("\n").at(-1)!) as Record<
      string,
      number
    >;
    appendFileSync(log, `${JSON.stringify({ ...last, "val/loss": last["val/loss"]! * (1 + 2 ** -52) })}\n`);
    await expect(scoreDemo(plans, changed)).rejects.toThrow(/focal_logits.*by the engine.*in the log/);
  });
});

describe("a file of predictions", () => {
  it("gives back what was written, also where both columns are one array", () => {
    const values = Float64Array.of(1, -0, Number.MIN_VALUE, 1e300);
    const date = ["2012-01-01", "2012-01-02", "2012-01-03", "2012-01-04"];
    const path = join(root, "predictions.arrow");
    for (const prediction of [values, Float64Array.of(5, 6, 7, 8)]) {
      writePredictions(path, { date, target: values, prediction });
      expect(predictionsFromBytes(readFileSync(path))).toEqual({ date, target: values, prediction });
    }
  });
});

describe("the folder of the demo", () => {
  it("is fresh where none is named", () => {
    const [first, second] = [makeDemoFolder(undefined), makeDemoFolder(undefined)];
    expect(first).not.toBe(second);
    for (const folder of [first, second]) rmSync(folder, { recursive: true });
  });

  it("is made where it is not there, and refused where it holds something", () => {
    const folder = makeDemoFolder(join(root, "new", "deep"));
    expect(makeDemoFolder(folder)).toBe(folder);
    const file = join(folder, "notes.txt");
    writeFileSync(file, "");
    expect(() => makeDemoFolder(folder)).toThrow(
      expect.objectContaining({ code: "LF_USAGE", message: expect.stringContaining("is not empty") }),
    );
    expect(() => makeDemoFolder(file)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("there is a file in its place") }),
    );
    // A folder that is there and takes no other.
    if (existsSync("/proc/self"))
      expect(() => makeDemoFolder("/proc/none")).toThrow(expect.objectContaining({ code: "LF_USAGE" }));
    expect(() => makeDemoFolder(join(file, "below"))).toThrow(expect.objectContaining({ code: "LF_USAGE" }));
  });
});

describe("what is suggested at the end", () => {
  it("is a command that the person can type", () => {
    expect(ownCommand({})).toBe("lossflow");
    expect(ownCommand({ npm_package_name: "lossflow-workspace" })).toBe("npm run -s lossflow --");
    expect(ownCommand({ npm_command: "exec" })).toBe("npx lossflow");
    expect(quotePath("/tmp/lossflow-demo-a1")).toBe("/tmp/lossflow-demo-a1");
    expect(quotePath("/my runs/it's")).toBe(`'/my runs/it'\\''s'`);
  });

  it("is broken into lines at spaces alone, but not before a unit", () => {
    expect(wrapText("at +0.71 °C", 8)).toEqual(["at", "+0.71 °C"]);
    expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapText("a-long-word b", 4)).toEqual(["a-long-word", "b"]);
  });
});
