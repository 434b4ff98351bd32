import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatNumber } from "../../src/format/number-text.ts";
import { RunBoard } from "../../src/plot/run-board.ts";
import { type PageServer, startPageServer } from "../../src/server/page-server.ts";
import { lossflow } from "../command/lossflow.ts";
import { runFromText } from "../server/board-from-text.ts";
import { HAS_BROWSER, openBrowser, openPage } from "./open-browser.ts";

const PATIENCE = 20_000;
const SCORES = fileURLToPath(new URL("../fixtures/scores.csv", import.meta.url));
/** Real files beside the checkout; they are not part of it. */
const REAL = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url));

interface Asked {
  readonly loss: string;
  readonly target: string;
  readonly prediction: string;
}

/** Files as others write them, with what is asked about each. */
const REAL_FILES: readonly (readonly [path: string, asked: Asked])[] = [
  [
    "predictions/employment_MA_reference.parquet",
    { loss: "bce", target: "employed", prediction: "predicted_probability" },
  ],
  ["arrow_tables/flights_1.8mb.arrow", { loss: "mae", target: "delay", prediction: "distance" }],
];

describe.skipIf(!HAS_BROWSER)("tables dropped on the page, in Chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: PageServer;
  let folder = "";
  beforeAll(async () => {
    browser = await openBrowser();
    server = await startPageServer(
      new RunBoard(() => [runFromText("a", '{"step":0,"loss":1}\n{"step":1,"loss":2}\n')]),
      { port: 0 },
    );
    folder = mkdtempSync(join(tmpdir(), "lossflow-dropped-"));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Drops a file on a page of its own and holds the figures against those of the command, and the requests against none. */
  async function expectSameFigures(path: string, { loss, target, prediction }: Asked): Promise<void> {
    const flags = ["--loss", loss, "--target", target, "--prediction", prediction, "--json"];
    const { stdout } = await lossflow(["eval", path, ...flags]);
    const { rows, results } = JSON.parse(stdout) as {
      rows: number;
      results: [{ mean: number; sum: number; weightSum: number; missing: number }];
    };
    const [{ mean, sum, weightSum, missing }] = results;
    const { page, complaints, requests } = await openPage(browser);
    const workers: string[] = [];
    page.on("worker", (worker) => workers.push(basename(worker.url())));
    await page.goto(server.url);
    await page.locator(".notes").first().waitFor({ timeout: PATIENCE });
    const before = requests.length;
    await dropBytes(page, basename(path), readFileSync(path));
    const dialog = page.locator("dialog.table");
    await dialog.waitFor({ timeout: PATIENCE });
    await dialog.getByLabel("loss").fill(loss);
    await dialog.getByLabel("target").fill(target);
    await dialog.getByLabel("prediction").fill(prediction);
    await dialog.getByText("Evaluate").click();
    await dialog
      .getByText(new RegExp(`over ${rows.toLocaleString("en")} rows, by \\d+ workers, engine wasm-simd`))
      .waitFor({ timeout: PATIENCE });
    const text = await dialog.innerText();
    expect(text).toContain(`${formatNumber(mean)} = ${formatNumber(sum)} / ${formatNumber(weightSum)}`);
    expect(text).toMatch(new RegExp(`missing, ignored\\s+${missing.toLocaleString("en")}, 0`));
    // Nothing but the scripts of the workers, which the page's own server has; charts that change places ask anew for the
    // server's own run.
    const asked = requests.slice(before).map((url) => url.replace(new URL(server.url).origin, ""));
    const own = /^\/[\w-]+\.(?:js|wasm)$|^\/api\/windows\?series=r0\.0&axis=step&from=0&to=1&columns=\d+$/;
    expect(asked.filter((url) => !own.test(url))).toEqual([]);
    expect(workers).toContain("engine-worker.js");
    expect(complaints).toEqual([]);
    await page.context().close();
  }

  test.each(["losses.arrow", "losses.parquet"])("%s, as export writes it", async (name) => {
    const path = join(folder, name);
    const flags = ["--loss", "bce_logits", "--target", "label", "--prediction", "logit"];
    expect((await lossflow(["export", SCORES, ...flags, "-o", path])).exitCode).toBe(0);
    await expectSameFigures(path, { loss: "mae", target: "source_row", prediction: "bce_logits" });
  });

  for (const [file, asked] of REAL_FILES)
    test.skipIf(!existsSync(join(REAL, file)))(`${file}, as others write it`, async () => {
      await expectSameFigures(join(REAL, file), asked);
    });
});

/** Drops a file on a page. */
async function dropBytes(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    (file) => {
      const dataTransfer = new DataTransfer();
      const content = Uint8Array.from(atob(file.base64), (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([content], file.name));
      dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    },
    { name, base64: bytes.toString("base64") },
  );
}
