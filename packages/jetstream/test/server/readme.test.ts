import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPool, runningLoss } from "@lossflow/streaming/node";
import { lastValueFrom } from "rxjs";
import { expect, test } from "vitest";
import { writeArrowFile } from "../lab/arrow-file.ts";
import { NatsLab } from "../lab/nats-lab.ts";
import { evaluate, work } from "./readme-program.ts";

test("the README's program is the one that is run here, and gives what one process gives", async () => {
  const text = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  expect(text("../../README.md")).toContain(`\`\`\`ts\n${text("readme-program.ts")}\`\`\``);

  const folder = mkdtempSync(join(tmpdir(), "lossflow-readme-"));
  const file = join(folder, "rows.arrow");
  writeArrowFile(file, 4, 1_000, 1);
  const lab = await NatsLab.start();
  const stop = new AbortController();
  try {
    const working = work(lab.url, stop.signal);
    const mean = await evaluate(lab.url, [file]);
    stop.abort();
    await working;
    await using pool = createPool({ workers: 0 });
    const job = { losses: ["mse"], target: "y", prediction: "p", pool };
    const { results } = await lastValueFrom(runningLoss([file], job));
    expect(mean).toBe(results[0]!.mean);
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true });
  }
});
