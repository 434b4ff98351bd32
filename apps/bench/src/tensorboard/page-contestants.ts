import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page, Response } from "playwright-core";

/** What is to be seen before a chart counts as drawn completely. */
export interface WantedChart {
  readonly metric: string;
  readonly runs: number;
  /** Points of each run, at steps from 0 on. */
  readonly points: number;
}

/** A server with a page that draws the runs below a folder. */
export interface PageContestant {
  readonly name: string;
  start(folder: string): ChildProcessWithoutNullStreams;
  /** The address in what the server has printed so far, null while it stands nowhere. */
  addressIn(printed: string): string | null;
  /**
   * Opens the page and resolves when the chart stands there with the last point of every run; `begun` is called when it
   * first has any point.
   */
  open(page: Page, address: string, wanted: WantedChart, begun: () => void): Promise<void>;
}

const PATIENCE = 60_000;

/** `lossflow serve`. */
export const LOSSFLOW: PageContestant = {
  name: "lossflow serve",
  start: (folder) =>
    spawn(process.execPath, [
      fileURLToPath(new URL("../../../monitor/dist/main.js", import.meta.url)),
      "serve",
      folder,
      "--port",
      "0",
    ]),
  addressIn: (printed) => /http:\S+/.exec(printed)?.[0] ?? null,
  async open(page, address, { metric, runs, points }, begun) {
    await page.goto(address);
    const card = page.locator(".card", { has: page.getByRole("heading", { name: metric, exact: true }) });
    await card.getByText(/^showing/).waitFor({ timeout: PATIENCE });
    begun();
    await card
      .getByText(`showing ${(runs * points).toLocaleString("en")} points, 0 extrema hidden`)
      .waitFor({ timeout: PATIENCE });
  },
};

/** `tensorboard`, as installed beside a Python. It sends 1,000 points of each run. */
export function tensorboard(python: string): PageContestant {
  return {
    name: "tensorboard",
    start: (folder) =>
      spawn(join(python, "..", "tensorboard"), ["--logdir", folder, "--host", "127.0.0.1", "--port", "0"]),
    addressIn: (printed) => /http:\S+/.exec(printed)?.[0] ?? null,
    async open(page, address, wanted, begun) {
      const complete = whenComplete(page, wanted, begun);
      await page.goto(`${address}?tagFilter=${encodeURIComponent(`^${wanted.metric}$`)}#timeseries`);
      await complete;
      const card = page.locator("card-view").first();
      await card.locator("line-chart canvas, line-chart svg").first().waitFor({ timeout: PATIENCE });
      await card.locator("mat-spinner").waitFor({ state: "detached", timeout: PATIENCE });
    },
  };
}

/**
 * Waits for an answer that has the last step of every run. The page asks once, for what the server has read by then, so
 * its reload button is pressed after an answer that is not complete.
 */
async function whenComplete(
  page: Page,
  { metric, runs, points }: WantedChart,
  begun: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error("The chart did not come.")), PATIENCE);
    let again: NodeJS.Timeout | undefined;
    const reloadIn = (milliseconds: number): void => {
      clearTimeout(again);
      again = setTimeout(() => {
        reloadIn(2_000);
        void page
          .locator("app-header-reload button")
          .first()
          .click()
          .catch(() => undefined);
      }, milliseconds);
    };
    const look = async (response: Response): Promise<void> => {
      const steps = await lastSteps(response, metric);
      if (steps === null) return;
      if (steps.length > 0) begun();
      if (steps.length < runs || steps.some((step) => step !== points - 1)) return reloadIn(100);
      clearTimeout(timeout);
      clearTimeout(again);
      page.off("response", look);
      resolve();
    };
    page.on("response", look);
    reloadIn(3_000);
  });
}

/** The last step of each run in an answer about the metric, null where it is about something else. */
async function lastSteps(response: Response, metric: string): Promise<number[] | null> {
  if (!response.url().endsWith("/timeseries/timeSeries") || !response.ok()) return null;
  type Answer = { tag: string; runToSeries?: Record<string, { step: number }[]> }[];
  const answer = (await response.json().catch(() => [])) as Answer;
  const asked = answer.filter(({ tag }) => tag === metric);
  if (asked.length === 0) return null;
  return asked.flatMap(({ runToSeries = {} }) =>
    Object.values(runToSeries).map((series) => series.at(-1)?.step ?? -1),
  );
}
