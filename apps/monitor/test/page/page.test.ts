import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { RunBoard } from "../../src/plot/run-board.ts";
import { type PageServer, startPageServer } from "../../src/server/page-server.ts";
import { runFromText, type WrittenRun } from "../server/board-from-text.ts";
import { HAS_BROWSER, openBrowser, openPage, type WatchedPage } from "./open-browser.ts";

const PATIENCE = 15_000;

/** A log that falls, with one spike and a stretch of NaN. */
function logOf(size: number, more: (step: number) => Readonly<Record<string, number>> = () => ({})): string {
  let text = "";
  for (let step = 0; step < size; step++) {
    const loss = step === Math.floor(size * 0.61) ? 40 : 2 + 2 / (1 + step / 50) + 0.01 * (step % 7);
    const fields = Object.entries(more(step)).map(([name, value]) => `,${JSON.stringify(name)}:${value}`);
    text += `{"step":${step},"epoch":${step / 100},"train/loss":${loss}${fields.join("")}}\n`;
  }
  return text;
}

/** Drops a file on a page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    (file) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([file.text], file.name));
      dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    },
    { name, text },
  );
}

/** The mean of binary cross-entropy over rows of label and logit. */
function bceOf(lines: readonly string[]): number {
  const rows = lines.map((line) => line.split(",").slice(0, 2).map(Number) as [number, number]);
  const target = Float64Array.from(rows, ([label]) => label);
  const prediction = Float64Array.from(rows, ([, logit]) => logit);
  let sum = 0;
  for (let i = 0; i < rows.length; i++)
    sum += Math.log1p(Math.exp(prediction[i]!)) - target[i]! * prediction[i]!;
  return sum / rows.length;
}

describe.skipIf(!HAS_BROWSER)("the page, in Chromium", { timeout: 30_000 }, () => {
  let browser: Browser;
  let server: PageServer | null = null;
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => browser.close());
  afterEach(async () => {
    for (const { page } of opened) await page.context().close();
    opened = [];
    await server?.close();
    server = null;
  });

  async function look(
    runs: readonly WrittenRun[],
    options?: Parameters<typeof openPage>[1],
  ): Promise<WatchedPage> {
    server ??= await startPageServer(new RunBoard(() => runs), { port: 0 });
    const watched = await openPage(browser, options);
    opened.push(watched);
    await watched.page.goto(server.url);
    return watched;
  }

  const notesOf = async (page: Page, metric: string): Promise<string> => {
    const card = page.locator(".card", { has: page.getByRole("heading", { name: metric, exact: true }) });
    await card.locator(".notes").waitFor({ timeout: PATIENCE });
    return card.locator(".notes").innerText();
  };

  test("shows a log, its figures and that nothing is hidden, and obeys its own policy", async () => {
    const { page, complaints } = await look([runFromText("first run", logOf(100_000))]);
    expect(await notesOf(page, "train/loss")).toBe("showing 100,000 points, 0 extrema hidden");
    expect(await page.locator(".legend").first().innerText()).toMatch(
      /first run\s+2\.\d+ at 99,999 · mean 2\.\d+ over 100,000/,
    );
    expect(await page.locator(".search output").innerText()).toBe("1 of 1 shown");
    // The key is out of the address, and the cookie opens the page again.
    expect(new URL(page.url()).hash).toBe("");
    await page.reload();
    expect(await notesOf(page, "train/loss")).toContain("100,000 points");
    expect(await page.evaluate(() => document.cookie)).toBe("");
    expect(complaints).toEqual([]);
  });

  test("draws a spike of one step among 100,000 up to its top", async () => {
    const { page } = await look([runFromText("a", logOf(100_000))]);
    await notesOf(page, "train/loss");
    const rows = await page.evaluate(() => {
      const canvas = document.querySelector("canvas")!;
      const context = canvas.getContext("2d")!;
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        // The first run's blue, or a mixture of it and the ground.
        if (data[at]! < 140 && data[at + 2]! > 150 && data[at + 3]! > 40)
          found.add(Math.floor(at / 4 / width));
      }
      return { found: [...found], height };
    });
    const plot = rows.height - 26 - 16;
    expect(Math.min(...rows.found)).toBeLessThan(16 + plot * 0.12);
    expect(rows.found.length).toBeGreaterThan(plot * 0.85);
  });

  test("follows a log while it grows, NaN and events included", async () => {
    const run = runFromText("a", logOf(50));
    const { page, complaints } = await look([run]);
    expect(await notesOf(page, "train/loss")).toContain("50 points");
    run.write('{"step":50,"train/loss":NaN}\n{"step":51,"train/loss":1.25}\n');
    await page
      .getByText("showing 52 points, 0 extrema hidden · × 1 not finite")
      .waitFor({ timeout: PATIENCE });
    await page.getByText("1.25 at 51 ·").waitFor({ timeout: PATIENCE });
    await page.keyboard.press("3");
    await page.getByText(/train\/loss .*NaN at step 50/).waitFor({ timeout: PATIENCE });
    expect(complaints).toEqual([]);
  });

  test("says what is missing where the key is, and shows nothing", async () => {
    server = await startPageServer(new RunBoard(() => [runFromText("a", logOf(5))]), { port: 0 });
    const watched = await openPage(browser);
    opened.push(watched);
    await watched.page.goto(new URL(server.url).origin);
    await watched.page.getByText("This page needs its key").first().waitFor({ timeout: PATIENCE });
    expect(await watched.page.locator(".card").count()).toBe(0);
  });

  test("says of a mean under the pointer what it is over", async () => {
    const { page } = await look([runFromText("a", logOf(50_000))]);
    await notesOf(page, "train/loss");
    const box = (await page.locator(".u-over").first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.5);
    const figure = await page.locator(".tip .figure").first().innerText();
    const [, mean, sum, count] = /mean ([\d.]+) = ([\d.,]+) \/ (\d+), /
      .exec(figure)!
      .map((text) => Number(text.replaceAll(",", "")));
    expect(sum! / count!).toBeCloseTo(mean!, 3);
  });

  test("smooths, changes its axes and tells so, by keys alone", async () => {
    const more = (step: number): Record<string, number> => ({ gap: step % 10 === 0 ? -1 : 1 });
    const { page } = await look([runFromText("a", logOf(300, more))]);
    await notesOf(page, "train/loss");
    await page.keyboard.press("s");
    await page.keyboard.press("s");
    await page
      .getByText("bold: EMA 0.9, debiased, over all points; faint: raw")
      .first()
      .waitFor({ timeout: PATIENCE });
    await page.keyboard.press("l");
    expect(await notesOf(page, "gap")).toContain("extrema hidden");
    await page
      .getByText(/▾ \d+ extremes at 0 or below: no place on a log axis/)
      .waitFor({ timeout: PATIENCE });
    // Only what the log states is gone through; what another visit chose may be stated no more.
    await page.keyboard.press("x");
    expect(await page.locator(".options select").first().inputValue()).toBe("epoch");
    await page.evaluate(() => localStorage.setItem("lossflow-settings", '{"axis":"time"}'));
    await page.reload();
    await page
      .getByText("No log here states time since start: choose another x axis.")
      .first()
      .waitFor({ timeout: PATIENCE });
    await page.keyboard.press("2");
    await page.getByRole("table").waitFor({ timeout: PATIENCE });
    expect(await page.getByRole("table").innerText()).toMatch(/\/ 300/);
    await page.keyboard.press("1");
    await page.keyboard.press("/");
    await page.keyboard.type("gap");
    await page.getByText("1 of 2 shown").waitFor({ timeout: PATIENCE });
  });

  test("of 3,000 metrics only those in view exist, and a search finds the others", async () => {
    const fields = Array.from(
      { length: 3_000 },
      (_, k) => `"layer${k}/${k % 81 === 0 ? "attention" : "norm"}":${k}`,
    );
    const run = runFromText("a", `{"step":0,${fields.join()}}\n{"step":1,${fields.join()}}\n`);
    const { page, complaints } = await look([run]);
    await page.getByText("3,000 of 3,000 shown").waitFor({ timeout: PATIENCE });
    await page.locator(".notes").first().waitFor({ timeout: PATIENCE });
    expect(await page.locator(".card").count()).toBeLessThan(30);
    await page.getByRole("searchbox").fill("attention");
    await page.getByText("38 of 3,000 shown").waitFor({ timeout: PATIENCE });
    expect(complaints).toEqual([]);
  });

  test("reads a dropped log in a worker; nothing leaves the page", async () => {
    const { page, complaints, requests } = await look([runFromText("a", logOf(20))]);
    await notesOf(page, "train/loss");
    await drop(page, "dropped.jsonl", logOf(30_000).replaceAll("train/loss", "dropped/loss"));
    expect(await notesOf(page, "dropped/loss")).toBe("showing 30,000 points, 0 extrema hidden");
    // Windows of the server's own run may be asked for anew, as the charts change places.
    const own = new URL(server!.url).origin;
    expect(
      requests.filter((url) => !url.startsWith(`${own}/`) || url.includes("d0.") || /dropped/i.test(url)),
    ).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("evaluates a dropped table of predictions in workers; nothing leaves the page", async () => {
    const { page, complaints, requests } = await look([runFromText("a", logOf(5))]);
    await notesOf(page, "train/loss");
    const rows = 20_000;
    const lines = Array.from(
      { length: rows },
      (_, k) => `${k % 2},${(k % 7) - 3},${k % 3 === 0 ? "a" : "b"}`,
    );
    await drop(page, "scores.csv", `label,logit,kind\n${lines.join("\n")}\n`);
    const dialog = page.locator("dialog.table");
    await dialog.waitFor({ timeout: PATIENCE });
    expect(await dialog.getByLabel("loss").inputValue()).toBe("bce_logits");
    expect(await dialog.getByLabel("target").inputValue()).toBe("label");
    expect(await dialog.getByLabel("prediction").inputValue()).toBe("logit");
    await dialog.getByLabel("loss").fill("hubr");
    await dialog.getByText("Evaluate").click();
    await dialog.getByText(/There is no loss "hubr": did you mean huber/).waitFor({ timeout: PATIENCE });
    await dialog.getByLabel("loss").fill("bce_logits");
    await dialog.getByLabel("group by").fill("kind");
    await dialog.getByText("Evaluate").click();
    await dialog
      .getByText(/over 20,000 rows, by \d+ workers, engine wasm-simd/)
      .waitFor({ timeout: PATIENCE });
    // The same figure as core's own.
    const wanted = bceOf(lines);
    const [mean] = /mean\s+([\d.]+) = /.exec(await dialog.innerText())!.slice(1);
    expect(Number(mean)).toBeCloseTo(wanted, 5);
    expect(await dialog.innerText()).toMatch(/kind a\s+[\d.]+ over 6,667[\s\S]*kind b\s+[\d.]+ over 13,333/);
    await dialog.getByText("To the charts").click();
    expect(await notesOf(page, "bce_logits: mean of 1000 rows")).toBe("showing 20 points, 0 extrema hidden");
    expect(await notesOf(page, "bce_logits: mean of all rows so far")).toContain("20 points");
    const own = new URL(server!.url).origin;
    expect(requests.filter((url) => !url.startsWith(`${own}/`) || /scores|d0\./.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a dropped file that is neither a log nor a table is refused with a sentence", async () => {
    const { page } = await look([runFromText("a", logOf(5))]);
    await notesOf(page, "train/loss");
    await drop(page, "cut.parquet", "PAR1 and no more");
    await page
      .getByRole("alert")
      .getByText(/cut\.parquet/)
      .waitFor({ timeout: PATIENCE });
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
  ] as const)("has no fault that axe finds, %s, %i pixels wide", async (colorScheme, width) => {
    const runs = [runFromText("a", logOf(200)), runFromText("b", logOf(150))];
    const { page } = await look(runs, { colorScheme, width });
    await notesOf(page, "train/loss");
    for (const key of ["1", "2", "3", "?"]) {
      await page.keyboard.press(key);
      const faults = await page.evaluate(
        `${axe.source}; axe.run().then((r) => r.violations.map((v) => v.id + ": " + v.nodes[0].html))`,
      );
      expect(faults).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
