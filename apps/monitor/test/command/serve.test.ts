import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Update } from "../../src/plot/run-state.ts";
import { lossflow, outcomeOf, startLossflow } from "./lossflow.ts";

let folder = "";
const file = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-serve-"));
  writeFileSync(file("a.jsonl"), '{"step":1,"loss":2}\n{"step":2,"loss":1}\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Waits for an address on a stream of a command. */
async function addressOn(stream: NodeJS.ReadableStream): Promise<URL> {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on("line", (line) => {
      const address = /http:\/\/\S+#[\w-]+/.exec(line)?.[0];
      if (address !== undefined) resolve(new URL(address));
    });
  });
}

/** Reads the updates of a page until one is wanted. */
async function updateFrom(address: URL, wanted: (update: Update) => boolean): Promise<Update> {
  const headers = { authorization: `Bearer ${address.hash.slice(1)}` };
  const response = await fetch(new URL("/api/updates", address), { headers });
  let text = "";
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    for (const block of text.split("\n\n").slice(0, -1)) {
      const update = block.startsWith("data: ") ? (JSON.parse(block.slice(6)) as Update) : null;
      if (update !== null && wanted(update)) return update;
    }
  }
  throw new Error("The stream ended before what was wanted.");
}

const hasPoints = (count: number) => (update: Update) =>
  update.runs.some(({ metrics }) => metrics.some((metric) => metric.count === count));

test("serve prints its address, shows what is there and what comes, and ends with the signal", async () => {
  const child = startLossflow(["serve", folder, "--port", "0"]);
  const ended = outcomeOf(child);
  const address = await addressOn(child.stdout);
  expect(address.hostname).toBe("127.0.0.1");
  await updateFrom(address, hasPoints(2));
  appendFileSync(file("a.jsonl"), '{"step":3,"loss":0.5}\n');
  await updateFrom(address, hasPoints(3));
  child.kill("SIGINT");
  const { exitCode, stderr } = await ended;
  expect(exitCode).toBe(130);
  expect(stderr).toBe("");
});

test("watch --serve has the page beside the lines, which stay JSON", async () => {
  const child = startLossflow(["watch", "--json", "--serve", file("a.jsonl")]);
  const ended = outcomeOf(child);
  await updateFrom(await addressOn(child.stderr), hasPoints(2));
  child.kill("SIGTERM");
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(143);
  for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ version: 1 });
});

test("a port that is taken is said in one sentence", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const { exitCode, stderr, stdout } = await lossflow(["serve", folder, "--port", String(port)]);
  other.close();
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toBe(`lossflow: Port ${port} is taken: choose another, or 0 for any that is free.\n`);
});

test.each([
  [["serve", "x", "--port", "70000"], /--port takes a number up to 65535/],
  [["serve", "x", "--host", "192.0.2.1"], /192\.0\.2\.1 is no address of this machine/],
  [["watch", "x", "--serve", "70000"], /--serve takes a number up to 65535/],
  [["report", "x", "--out", "x.pdf"], /--out takes a file that ends in \.html, \.svg or \.png/],
  [["report", "x", "--metric", "loss"], /--metric chooses the chart of a picture/],
])("%j is a wrong command line", async (args, sentence) => {
  const { exitCode, stderr } = await lossflow(args);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(sentence);
});

test("listening to others is said", async () => {
  const child = startLossflow(["serve", folder, "--port", "0", "--host", "0.0.0.0"]);
  const ended = outcomeOf(child);
  await addressOn(child.stdout);
  child.kill("SIGINT");
  expect((await ended).stderr).toMatch(
    /Listening on 0\.0\.0\.0, by plain HTTP: whoever on the network has the whole address/,
  );
});

test("report writes one file of its own, or a chart", async () => {
  const html = await lossflow(["report", folder, "--out", file("r.html")]);
  expect(html).toMatchObject({ exitCode: 0, stdout: "", stderr: `lossflow: Wrote ${file("r.html")}.\n` });
  const text = readFileSync(file("r.html"), "utf8");
  expect(text).toMatch(/^<!doctype html>/);
  expect(text).not.toMatch(/ (src|href)=["']?(https?:|\/)/);
  const svg = await lossflow(["report", file("a.jsonl"), "--out", file("r.svg"), "--metric", "loss"]);
  expect(svg.exitCode).toBe(0);
  expect(readFileSync(file("r.svg"), "utf8")).toMatch(
    /^<svg [\s\S]*2 points, every extreme drawn[\s\S]*<\/svg>\n$/,
  );
});

test("report of what cannot be read, or to where nothing can be written, writes nothing", async () => {
  const missing = await lossflow(["report", file("none.jsonl"), "--out", file("r.html")]);
  expect(missing.exitCode).toBe(30);
  expect(existsSync(file("r.html"))).toBe(false);
  const nowhere = await lossflow(["report", folder, "--out", file("no/r.html")]);
  expect(nowhere.exitCode).toBe(30);
  expect(nowhere.stderr).toMatch(/cannot be written: ENOENT/);
  const unknown = await lossflow(["report", folder, "--out", file("r.svg"), "--metric", "lossy"]);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toMatch(/There is no metric lossy; there are loss\. Did you mean loss\?/);
});
