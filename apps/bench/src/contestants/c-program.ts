import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchData } from "../bench-data.ts";
import type { Pass } from "../contestant.ts";

const FLAGS = ["-O3", "-march=x86-64-v3", "-ffast-math"];

/** native/losses.c, compiled by gcc with its vector mathematics. */
export interface CProgram {
  readonly name: string;
  /** One pass of one of its loops, over rows of so many classes. */
  readonly pass: (loop: string, classes: number) => () => Promise<Pass>;
  readonly close: () => Promise<void>;
}

/** Compiles and starts the program; null where there is no gcc that does it. */
export async function startCProgram(data: BenchData): Promise<CProgram | null> {
  const folder = await mkdtemp(join(tmpdir(), "lossflow-bench-"));
  const source = fileURLToPath(new URL("../../native/losses.c", import.meta.url));
  const program = join(folder, "losses");
  try {
    const real = data.prediction instanceof Float64Array ? "double" : "float";
    await promisify(execFile)("gcc", [...FLAGS, `-DREAL=${real}`, source, "-o", program, "-lm"]);
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  const file = join(folder, "data");
  await writeFile(file, data.bytes);
  const child = spawn(program, [file, String(data.numbers)], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name: "C",
    pass: (loop, classes) => async () => {
      child.stdin.write(`${loop}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error("The C program ended before its time.");
      const [seconds, sum] = answer.value.split(" ").map(Number);
      return { cpuSeconds: seconds!, mean: sum! / Math.floor(data.numbers / classes) };
    },
    close: async () => {
      child.stdin.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** The flags, for the report. */
export const GCC: string = `gcc ${FLAGS.join(" ")}`;
