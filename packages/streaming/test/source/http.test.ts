import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { httpBytes } from "../../src/source/http-bytes.ts";
import { httpSource } from "../../src/source/http-source.ts";
import { figuresOf } from "../figures-of.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const random = seededRandom(SEED);
const numbers = () => Float32Array.from({ length: 700_000 }, () => random() * 2 ** (40 * random()));
const long = tableToIPC(tableFromArrays({ y: numbers(), p: numbers() }), "file");
const files: Readonly<Record<string, Uint8Array>> = {
  "long.arrow": long,
  "plain.arrows": readFileSync(`${FIXTURES}plain.arrows`),
  "snappy.parquet": readFileSync(`${FIXTURES}snappy.parquet`),
  "plain.csv": readFileSync(`${FIXTURES}plain.csv`),
  "plain.jsonl": readFileSync(`${FIXTURES}plain.jsonl`),
  "empty.csv": new Uint8Array(0),
};
const job = { losses: ["mse", "mae"], target: "y", prediction: "p" };
const pool = createPool({ workers: 2 });

type Answer = (bytes: Uint8Array, request: IncomingMessage, response: ServerResponse) => void;
let answer: Answer;
let requests = 0;
const server = createServer((request, response) => {
  requests++;
  const bytes = files[request.url!.slice(1)];
  if (bytes === undefined) response.writeHead(404).end();
  else answer(bytes, request, response);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(async () => {
  await pool.close();
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  requests = 0;
});

/** Ranges, as any file server gives them. */
const rangesOf =
  (etag: string): Answer =>
  (bytes, { headers }, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const start = Number(from);
    const end = Math.min(bytes.length, Number(to) + 1);
    if (start >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    response
      .writeHead(206, { "content-range": `bytes ${start}-${end - 1}/${bytes.length}`, etag })
      .end(bytes.subarray(start, end));
  };
const ranges = rangesOf('"one"');
const whole: Answer = (bytes, _request, response) => {
  response.writeHead(200, { "content-length": bytes.length }).end(bytes);
};

function figures(name: string): Promise<string> {
  return figuresOf(httpSource(`${origin}/${name}`), { ...job, pool });
}

describe.each([
  ["by ranges", ranges],
  ["as a whole", whole],
])("a file on a server, read %s, has the figures of the file", (_way, way) => {
  test.each(Object.keys(files))("%s", async (name) => {
    answer = way;
    expect(await figures(name)).toBe(await figuresOf(files[name]!, { ...job, pool }));
  });
});

test("what fails for the moment is asked for again", async () => {
  const seen = new Set<string>();
  answer = (bytes, request, response) => {
    const range = request.headers.range!;
    if (seen.has(range)) return ranges(bytes, request, response);
    // The first request for each range fails in one of three ways.
    seen.add(range);
    if (seen.size % 3 === 0) return void response.writeHead(503).end();
    if (seen.size % 3 === 1) return void request.socket.destroy();
    const [, from] = /(\d+)-/.exec(range)!;
    const headers = { "content-range": `bytes ${from}-${Number(from) + 9}/${bytes.length}`, etag: '"one"' };
    response.writeHead(206, { ...headers, "content-length": 10 });
    response.write("abc", () => request.socket.destroy());
  };
  expect(await figures("long.arrow")).toBe(await figuresOf(long, { ...job, pool }));
  expect(seen.size).toBeGreaterThan(3);
});

test("a server that stays broken is given up after five requests", async () => {
  answer = (_bytes, _request, response) => void response.writeHead(503).end();
  expect(await figures("long.arrow")).toMatch(/^LF_HTTP/);
  expect(requests).toBe(5);
});

test("a server that falls silent is asked again, and a slow one is waited for", async () => {
  const seen = new Set<string>();
  answer = (bytes, request, response) => {
    const range = request.headers.range!;
    const [, from, to] = /(\d+)-(\d+)/.exec(range)!.map(Number) as [number, number, number];
    const part = bytes.subarray(from, Math.min(bytes.length, to + 1));
    const head = {
      "content-range": `bytes ${from}-${from + part.length - 1}/${bytes.length}`,
      etag: '"one"',
    };
    if (!seen.has(range)) {
      seen.add(range);
      // Silent at once, or after some bytes.
      if (seen.size % 2 === 1) response.writeHead(206, head).write(part.subarray(0, 1000));
      return;
    }
    response.writeHead(206, head);
    const send = (at: number): void => {
      if (at >= part.length) return void response.end();
      response.write(part.subarray(at, at + 400_000));
      setTimeout(() => send(at + 400_000), 60);
    };
    send(0);
  };
  const source = httpSource(`${origin}/long.arrow`, { patience: 200 });
  expect(await figuresOf(source, { ...job, pool })).toBe(await figuresOf(long, { ...job, pool }));
  expect(seen.size).toBeGreaterThan(2);
});

test("a server that stays silent is given up, and so is a whole file that stops coming", async () => {
  answer = () => undefined;
  // Counted where they are asked: of a busy machine the server may not have seen one before it was given up.
  const asked = vi.spyOn(globalThis, "fetch");
  const silent = lastValueFrom(
    runningLoss(httpSource(`${origin}/long.arrow`, { patience: 20 }), { ...job, pool }),
  );
  await expect(silent).rejects.toMatchObject({
    code: "LF_HTTP",
    message: `${origin}/long.arrow cannot be read: the server has been silent for 0.02 s; try again later.`,
  });
  expect(asked).toHaveBeenCalledTimes(5);
  asked.mockRestore();
  answer = (bytes, _request, response) => {
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, 3_000_000));
  };
  const cut = runningLoss(httpSource(`${origin}/long.arrow`, { patience: 100 }), { ...job, pool });
  await expect(lastValueFrom(cut)).rejects.toMatchObject({
    code: "LF_HTTP",
    message: expect.stringContaining("cannot be read to its end: the connection broke or fell silent"),
  });
});

test.each(["bytes 0-9/1000", "bytes 5-9/1000"])(
  "of a file that is only told from others no request is left behind, whatever is answered: %s",
  async (range) => {
    const isLeft = new Promise<void>((resolve) => {
      answer = (_bytes, request, response) => {
        request.socket.once("close", resolve);
        response.writeHead(206, { "content-range": range, etag: '"one"' }).write("some");
      };
    });
    const print = httpSource(`${origin}/long.arrow`).print!();
    if (range.startsWith("bytes 0")) expect(await print).toEqual({ bytes: 1000, digest: '"one"' });
    else await expect(print).rejects.toMatchObject({ code: "LF_HTTP" });
    await isLeft;
  },
);

test("patience without end is never over: beyond 24 days timers fire at once", async () => {
  answer = (...asked) => void setTimeout(() => ranges(...asked), 30);
  const source = httpSource(`${origin}/long.arrow`, { patience: Infinity });
  expect(await figuresOf(source, { ...job, pool })).toBe(await figuresOf(long, { ...job, pool }));
});

test("a file that is closed leaves nothing behind that was asked for ahead", async () => {
  let asked!: () => void;
  let left!: () => void;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const isLeft = new Promise<void>((resolve) => (left = resolve));
  answer = (bytes, request, response) => {
    if (!request.headers.range!.startsWith(`bytes=${2 ** 21}-`)) return ranges(bytes, request, response);
    request.socket.once("close", left);
    asked();
  };
  const { signal } = new AbortController();
  const url = new URL(`${origin}/long.arrow`);
  const source = await httpBytes({ url, authorization: null, name: url.href, patience: 15_000, signal });
  // Numbers compared one by one take seconds.
  expect(Buffer.compare(await source.read(0, 2 ** 19), long.subarray(0, 2 ** 19))).toBe(0);
  await isAsked;
  await source.close();
  await isLeft;
});

test("a job that ends leaves no request behind", async () => {
  let asked!: () => void;
  let left!: () => void;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const isLeft = new Promise<void>((resolve) => (left = resolve));
  answer = (_bytes, request) => {
    request.socket.once("close", left);
    asked();
  };
  const snapshots = runningLoss(httpSource(`${origin}/long.arrow`), { ...job, pool }).subscribe();
  await isAsked;
  snapshots.unsubscribe();
  await isLeft;
});

test.each([
  ["is not there", (): Answer => ranges, "nowhere.arrow", "LF_NOT_FOUND"],
  [
    "may not be read",
    (): Answer => (_bytes, _request, response) => void response.writeHead(403).end(),
    "long.arrow",
    "LF_HTTP",
  ],
  [
    "has another version further on",
    (): Answer => (bytes, request, response) =>
      rangesOf(requests > 1 ? '"two"' : '"one"')(bytes, request, response),
    "long.arrow",
    "LF_SOURCE_CHANGED",
  ],
  [
    "has become shorter",
    (): Answer => (bytes, request, response) =>
      ranges(requests > 1 ? bytes.subarray(0, 5_000_000) : bytes, request, response),
    "long.arrow",
    "LF_SOURCE_CHANGED",
  ],
  [
    "is cut on its way, and has no ranges",
    (): Answer => (bytes, request, response) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 3_000_000), () => request.socket.destroy());
    },
    "long.arrow",
    "LF_HTTP",
  ],
] as const)("a file that %s is refused", async (_what, way, name, code) => {
  answer = way();
  expect(await figures(name)).toMatch(new RegExp(`^${code}`));
});

test.each([
  ["user:pass%3Aw%C3%B6rd%", "user:pass:wörd%"],
  ["user", "user:"],
  [":secret", ":secret"],
])("the server is told who asks: %s", async (who, told) => {
  answer = (bytes, request, response) => {
    const [, given] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (given === Buffer.from(told).toString("base64")) ranges(bytes, request, response);
    else response.writeHead(401).end();
  };
  const source = httpSource(`${origin.replace("//", `//${who}@`)}/plain.csv`);
  expect(await figuresOf(source, { ...job, pool })).toMatch(/^\{/);
  expect(source.name).toBe(`${origin}/plain.csv`);
  expect(await figures("plain.csv")).toMatch(/^LF_HTTP/);
});
