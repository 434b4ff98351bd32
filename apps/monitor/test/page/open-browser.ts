import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PATH = [process.env["CHROMIUM"], "/usr/bin/chromium"].find(
  (path) => path !== undefined && existsSync(path),
);

/** Whether there is a browser to test with; required where REQUIRE_BROWSER=1. */
export const HAS_BROWSER: boolean = PATH !== undefined;
if (!HAS_BROWSER && process.env["REQUIRE_BROWSER"] === "1")
  throw new Error("REQUIRE_BROWSER=1, but no Chromium was found: install it or name it in CHROMIUM.");

/** Starts the browser. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(PATH === undefined ? {} : { executablePath: PATH }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page with what it complained about and what it asked for. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

/** Opens a page of its own, without the cookies of others. */
export async function openPage(
  browser: Browser,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly colorScheme?: "light" | "dark";
  } = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 860, colorScheme = "light" } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  return { page, complaints, requests };
}
