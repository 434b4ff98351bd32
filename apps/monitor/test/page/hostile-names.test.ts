import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toJson } from "../../src/format/json-text.ts";
import { exportBoard } from "../../src/plot/exported-board.ts";
import { RunBoard } from "../../src/plot/run-board.ts";
import { chartScene } from "../../src/report/chart-scene.ts";
import { svgFromScene } from "../../src/report/svg-from-scene.ts";
import { reportHtml } from "../../src/report/report-html.ts";
import { readPageFiles } from "../../src/server/page-files.ts";
import { startPageServer } from "../../src/server/page-server.ts";
import { runFromText } from "../server/board-from-text.ts";
import { HOSTILE } from "../hostile-names.ts";
import { HAS_BROWSER, openBrowser, openPage } from "./open-browser.ts";

const LOG = [1, 2]
  .map(
    (step) => `{"step":${step},${HOSTILE.map((name, k) => `${JSON.stringify(name)}:${k + step}`).join()}}\n`,
  )
  .join("");
const runs = HOSTILE.slice(0, 4).map((name) => runFromText(name, LOG));
const board = new RunBoard(() => runs);

test("the reader takes the names as they are", () => {
  const names = runs[0]!.fold.metrics.map(({ name }) => name);
  expect(HOSTILE.filter((name) => !names.includes(name))).toEqual([]);
});

describe.skipIf(!HAS_BROWSER)("hostile names of metrics and runs, in Chromium", { timeout: 30_000 }, () => {
  let browser: Browser;
  let folder = "";
  beforeAll(async () => {
    browser = await openBrowser();
    folder = mkdtempSync(join(tmpdir(), "lossflow-report-"));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function expectHarmless(page: Page): Promise<void> {
    const count = runs[0]!.fold.metrics.length;
    await page.getByText(`${count} of ${count} shown`).waitFor({ timeout: 15_000 });
    await page.locator(".notes").first().waitFor({ timeout: 15_000 });
    const texts: string[] = [];
    for (const view of ["1", "2", "3"]) {
      await page.keyboard.press(view);
      texts.push(await page.locator("body").innerText());
    }
    expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator("img, main script, .runs script, b:not(.event b)").count()).toBe(0);
    expect(await page.evaluate(() => ({}).constructor === Object)).toBe(true);
    const all = texts.join("\n");
    expect(all).toContain("<img src=x onerror=window.hit=1>");
    // What would reorder or command is shown as what it is.
    // oxlint-disable-next-line no-control-regex
    expect(all).not.toMatch(/[\u0000-\u0008\u001b\u202a-\u202e]/);
    await page.keyboard.press("1");
    await page.getByRole("searchbox").fill("gnp");
    await page.getByText("abc\\u{202e}gnp.exe").first().waitFor({ timeout: 15_000 });
  }

  test("are text on the page", async () => {
    const server = await startPageServer(board, { port: 0 });
    const { page, complaints } = await openPage(browser);
    await page.goto(server.url);
    await expectHarmless(page);
    expect(complaints).toEqual([]);
    await page.context().close();
    await server.close();
  });

  test("are text in a report, which asks for nothing", async () => {
    const packed = gzipSync(toJson(exportBoard(board, 0))).toString("base64");
    const html = reportHtml(packed, readPageFiles());
    expect(html).not.toContain("onerror=window.hit");
    const path = join(folder, "report.html");
    writeFileSync(path, html);
    const { page, complaints, requests } = await openPage(browser);
    const address = pathToFileURL(path).href;
    await page.goto(address);
    await expectHarmless(page);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([address]);
    await page.context().close();
  });

  test("a script slipped into a report is not run", async () => {
    const html = reportHtml(gzipSync(toJson(exportBoard(board, 0))).toString("base64"), readPageFiles());
    const path = join(folder, "slipped.html");
    writeFileSync(
      path,
      html.replace("<body>", "<body><script>window.hit=1</script><img src=x onerror=window.hit=1>"),
    );
    const { page, complaints } = await openPage(browser);
    await page.goto(pathToFileURL(path).href);
    await page.locator(".notes").first().waitFor({ timeout: 15_000 });
    expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
    expect(complaints.join()).toContain("Content Security Policy");
    await page.context().close();
  });

  test("are text in an SVG", async () => {
    for (const [k, name] of HOSTILE.entries())
      writeFileSync(join(folder, `${k}.svg`), svgFromScene(chartScene(runs, name)));
    const { page } = await openPage(browser);
    for (const k of HOSTILE.keys()) {
      await page.goto(pathToFileURL(join(folder, `${k}.svg`)).href);
      // Ill-formed XML would be an error page; markup from a name would be an element.
      const names = await page.evaluate(() =>
        [...document.querySelectorAll("*")].map((element) => element.localName),
      );
      expect(new Set(names)).toEqual(new Set(["svg", "rect", "text", "path"]));
      expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
    }
    await page.context().close();
  });
});
