import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossflow } from "./lossflow.ts";

let folder = "";
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-alerts-"));
  const line = (step: number): string =>
    `{"step": ${step}, "loss": ${step > 90 ? "NaN" : step === 50 ? 40 : 2 + 2 / (1 + step)}, "val_acc": ${step === 30 ? "NaN" : 0.5}}\n`;
  writeFileSync(file("bad.jsonl"), Array.from({ length: 100 }, (_, step) => line(step)).join(""));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server on this machine that answers as told, and what it was sent. */
async function withHook<T>(
  answer: (request: IncomingMessage, response: ServerResponse, tries: number) => void,
  use: (url: string, bodies: string[]) => Promise<T>,
): Promise<T> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      bodies.push(`${request.method} ${request.url} ${request.headers["content-type"]} ${body}`);
      answer(request, response, bodies.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const check = (...args: string[]): ReturnType<typeof lossflow> =>
  lossflow(["check", "bad.jsonl", ...args], "", folder);

test("a webhook is posted each alert as JSON", async () => {
  await withHook(
    (_, response) => void response.writeHead(204).end(),
    async (url, bodies) => {
      const outcome = await check("--fail-on", "nan,spike", "--webhook", `${url}/hook?key=1`);
      expect(outcome).toMatchObject({ exitCode: 21, stderr: "" });
      expect(bodies).toHaveLength(2);
      for (const body of bodies)
        expect(body).toMatch(/^POST \/hook\?key=1 application\/json \{"version":1,"run":"bad"/);
      expect(bodies[0]).toContain('"kind":"nan","step":91');
      expect(bodies[1]).toContain('"kind":"spike","step":50');
    },
  );
}, 30_000);

test("a webhook that is busy is tried again, at most three times, and its failure changes nothing", async () => {
  await withHook(
    (_, response, tries) => void response.writeHead(tries === 1 ? 503 : 200).end(),
    async (url, bodies) => {
      expect(await check("--webhook", url)).toMatchObject({ exitCode: 21, stderr: "" });
      expect(bodies).toHaveLength(2);
    },
  );
  await withHook(
    (_, response) => void response.writeHead(500).end(),
    async (url, bodies) => {
      const { exitCode, stderr } = await check("--webhook", `${url}/secret`);
      expect(exitCode).toBe(21);
      expect(stderr).toMatch(/^lossflow: The webhook at 127\.0\.0\.1:\d+ failed: it answered 500\.\n$/);
      expect(bodies).toHaveLength(3);
    },
  );
}, 30_000);

test("a webhook that refuses, or leads elsewhere, is not tried again and not followed", async () => {
  await withHook(
    (_, response) => void response.writeHead(307, { location: "/elsewhere" }).end(),
    async (url, bodies) => {
      const { exitCode, stderr } = await check("--webhook", url);
      expect([exitCode, bodies.length]).toEqual([21, 1]);
      expect(stderr).toContain("it answered 307");
    },
  );
}, 30_000);

test("nobody there: told after three tries", async () => {
  const { exitCode, stderr } = await check("--webhook", "http://127.0.0.1:9");
  expect(exitCode).toBe(21);
  expect(stderr).toMatch(/^lossflow: The webhook at 127\.0\.0\.1:9 failed: [^\n]+\.\n$/);
}, 30_000);

test("alerts are lines of JSON in a file, or on standard output instead of the report", async () => {
  writeFileSync(file("alerts.jsonl"), '{"earlier": true}\n');
  const { stdout } = await check("--fail-on", "nan,spike", "--alerts", "alerts.jsonl");
  expect(stdout).toMatch(/^nan /);
  const lines = readFileSync(file("alerts.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([
    { earlier: true },
    { kind: "nan", run: "bad", exitCode: 21 },
    { kind: "spike", exitCode: 10 },
  ]);
  const printed = await check("--fail-on", "nan,spike", "--alerts", "-");
  expect(
    printed.stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind),
  ).toEqual(["nan", "spike"]);
}, 30_000);

test("a file of alerts that cannot be written is told of once and changes nothing", async () => {
  const { exitCode, stdout, stderr } = await check(
    "--fail-on",
    "nan,spike",
    "--alerts",
    "nowhere/alerts.jsonl",
  );
  expect(exitCode).toBe(21);
  expect(stdout).toMatch(/^nan /);
  expect(stderr).toMatch(/^lossflow: --alerts nowhere\/alerts\.jsonl cannot be written: [^\n]+\.\n$/);
}, 30_000);

test("a rules file decides; what is wrong with it is said with its line", async () => {
  writeFileSync(
    file("rules.txt"),
    "# the loss may be NaN at its end\nfail nan on *\nignore nan on loss from 80\n",
  );
  const outcome = await check("--rules", "rules.txt", "--json");
  expect(outcome.exitCode).toBe(21);
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    runs: [{ alerts: [{ kind: "nan", metric: "val_acc", step: 30 }] }],
  });
  writeFileSync(file("idle.txt"), "fail nan on lss\n");
  const idle = await check("--rules", "idle.txt");
  expect(idle.exitCode).toBe(30);
  expect(idle.stderr).toBe(
    "lossflow: idle.txt, line 1: no run has a metric of that name; there are loss, val_acc.\n",
  );
  writeFileSync(file("wrong.txt"), "fail nan\nfail spikes\n");
  expect(await check("--rules", "wrong.txt")).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringMatching(
      /^lossflow: wrong\.txt, line 2: the second word is "spikes".*Did you mean spike\?\n$/,
    ),
  });
}, 30_000);

test.each<[string, string[], RegExp]>([
  ["no rules file", ["--rules", "nope.txt"], /--rules nope\.txt cannot be read/],
  ["an address of another kind", ["--webhook", "file:///etc/passwd"], /begins with https:\/\//],
  ["an address with a password", ["--webhook", "https://a:b@example.org"], /without a user and a password/],
  ["no address", ["--webhook", "hooks"], /begins with https:\/\//],
  ["JSON twice", ["--alerts", "-", "--json"], /choose one/],
])(
  "%s is exit code 2",
  async (_, args, sentence) => {
    const outcome = await check(...args);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: "" });
    expect(outcome.stderr).toMatch(sentence);
  },
  30_000,
);
