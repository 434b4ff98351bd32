import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { commandLine } from "./command-line.ts";
import { formatTable } from "./format-table.ts";
import { eventFile } from "./logs/sample-logs.ts";
import { processTree, privateMegabytes } from "./processes.ts";
import {
  LOSSFLOW,
  type PageContestant,
  tensorboard,
  type WantedChart,
} from "./tensorboard/page-contestants.ts";

/* From the start of a server on event files to a chart of all of them in a browser, and the memory of both: TensorBoard and lossflow. */

const values = commandLine("The page of lossflow serve beside that of TensorBoard, in Chromium.", {
  python: { means: "a Python that has tensorboard", default: "python3", values: "program" },
  runs: { means: "runs", default: "20", values: "number" },
  points: { means: "points of a metric", default: "20000", values: "number" },
  rounds: { means: "rounds in turn", default: "3", values: "number" },
});

interface Shown {
  readonly firstSeconds: number;
  readonly seconds: number;
  readonly serverMegabytes: number;
  readonly pageMegabytes: number;
}

const wanted: WantedChart = {
  metric: "train/loss",
  runs: Number(values.runs),
  points: Number(values.points),
};
const contestants = [LOSSFLOW, tensorboard(values.python)];
const folder = mkdtempSync(join(tmpdir(), "lossflow-bench-"));
const browser = await chromium.launch({
  executablePath:
    [process.env["CHROMIUM"], "/usr/bin/chromium"].find((path) => path !== undefined && existsSync(path)) ??
    "chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
  ],
});
try {
  const bytes = eventFile(Number.POSITIVE_INFINITY, 3 * wanted.points);
  for (let run = 0; run < wanted.runs; run++) {
    mkdirSync(join(folder, `run-${run}`));
    writeFileSync(join(folder, `run-${run}`, "events.out.tfevents.1700000000.host"), bytes);
  }
  // A first visit warms what is the browser's own.
  await (await browser.newPage()).goto("about:blank");
  const shown = contestants.map((): Shown[] => []);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [i, contestant] of contestants.entries()) shown[i]!.push(await show(contestant));
  console.log(
    `${values.runs} runs of ${values.points} points of three metrics; ${values.rounds} rounds in turn, medians.\n`,
  );
  const rows = contestants.map(({ name }, i) => [
    name,
    ...(["firstSeconds", "seconds", "serverMegabytes", "pageMegabytes"] as const).map((figure) =>
      median(shown[i]!.map((one) => one[figure])).toFixed(figure.endsWith("econds") ? 2 : 0),
    ),
    shown[i]!.map(({ seconds }) => seconds.toFixed(2)).join(", "),
  ]);
  console.log(
    formatTable([
      ["", "s to a first chart", "s to the complete chart", "MB server", "MB page", "each round, s"],
      ...rows,
    ]),
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function show(contestant: PageContestant): Promise<Shown> {
  const began = performance.now();
  const server = contestant.start(folder);
  try {
    let printed = "";
    const address = await new Promise<string>((resolve, reject) => {
      const hear = (text: Buffer): void => {
        printed += text.toString();
        const found = contestant.addressIn(printed);
        if (found !== null) resolve(found);
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.once("error", reject);
      server.once("exit", () => reject(new Error(`${contestant.name} has ended: ${printed}`)));
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    let firstSeconds = Number.NaN;
    await contestant.open(page, address, wanted, () => {
      if (Number.isNaN(firstSeconds)) firstSeconds = (performance.now() - began) / 1_000;
    });
    const seconds = (performance.now() - began) / 1_000;
    const megabytes = {
      serverMegabytes: privateMegabytes(processTree(server.pid!)),
      pageMegabytes: renderer(),
    };
    await context.close();
    return { firstSeconds, seconds, ...megabytes };
  } finally {
    server.removeAllListeners("exit");
    server.kill();
    await once(server, "exit");
  }
}

/** The largest renderer: the page of the contestant, as the only one that is open besides an empty one. */
function renderer(): number {
  const renderers = processTree(process.pid).filter(({ command }) => command.includes("--type=renderer"));
  return Math.max(...renderers.map((process) => privateMegabytes([process])));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
