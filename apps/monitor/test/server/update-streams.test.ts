import { get as httpGet, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { RunBoard } from "../../src/plot/run-board.ts";
import type { Update } from "../../src/plot/run-state.ts";
import { startPageServer, type PageServer } from "../../src/server/page-server.ts";
import { runFromText } from "./board-from-text.ts";

let server: PageServer;
afterEach(async () => server.close());

interface Stream {
  readonly response: IncomingMessage;
  readonly updates: Update[];
  update(wanted: (update: Update) => boolean): Promise<Update>;
}

/** Opens a stream of updates. */
async function open(): Promise<Stream> {
  const headers = { authorization: `Bearer ${server.token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpGet(
      { host: "127.0.0.1", port: server.port, path: "/api/updates", headers, agent: false },
      resolve,
    ).on("error", reject);
  });
  const updates: Update[] = [];
  const waiting = new Set<() => void>();
  let parts: string[] = [];
  response.setEncoding("utf8").on("data", (chunk: string) => {
    parts.push(chunk);
    if (!chunk.endsWith("\n\n")) return;
    const blocks = parts.join("").split("\n\n");
    parts = [];
    for (const block of blocks)
      if (block.startsWith("data: ")) updates.push(JSON.parse(block.slice("data: ".length)) as Update);
    for (const look of waiting) look();
  });
  response.on("error", () => undefined);
  const update = async (wanted: (update: Update) => boolean): Promise<Update> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = updates.find(wanted);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { response, updates, update };
}

const line = (step: number, loss: number | string): string => `{"step":${step},"loss":${loss}}\n`;

test("a stream tells everything first, then what is new, and a reader that comes later the same", async () => {
  const runs = [runFromText("a", line(0, 3) + line(1, 1))];
  server = await startPageServer(new RunBoard(() => runs), { port: 0 });
  const first = await open();
  const whole = await first.update((update) => update.whole);
  expect(whole.runs).toHaveLength(1);
  expect(whole.runs[0]).toMatchObject({ id: "r0", name: "a", main: 0, segments: 1 });
  expect(whole.runs[0]!.metrics[0]).toMatchObject({
    name: "loss",
    count: 2,
    mean: 2,
    extents: { step: [0, 1] },
  });

  runs[0]!.write(line(2, "NaN"));
  const grown = await first.update((update) => !update.whole && update.runs[0]?.metrics[0]?.count === 3);
  expect(grown.runs[0]!.metrics[0]).toMatchObject({ nan: 1, finite: 2, mean: 2, latest: "NaN" });
  expect(grown.runs[0]!.events).toEqual([[0, expect.objectContaining({ kind: "nan", step: 2 })]]);

  runs.push(runFromText("b", line(0, 5)));
  await first.update((update) => update.runs.some(({ id }) => id === "r1"));
  const later = await open();
  const all = await later.update((update) => update.whole);
  expect(all.runs.map(({ id, metrics }) => [id, metrics[0]!.count])).toEqual([
    ["r0", 3],
    ["r1", 1],
  ]);
  first.response.destroy();
  later.response.destroy();
});

test("no more streams than allowed, and a place is free again when one ends", async () => {
  const run = runFromText("a", line(0, 1));
  server = await startPageServer(new RunBoard(() => [run]), { port: 0, streams: { streams: 2 } });
  const streams = [await open(), await open()];
  const refused = await open();
  expect(refused.response.statusCode).toBe(503);
  streams[0]!.response.destroy();
  await expect.poll(async () => (await open()).response.statusCode, { timeout: 5_000 }).toBe(200);
});

test("a reader that reads no more is let go, the others go on", { timeout: 60_000 }, async () => {
  // Far more than the buffers of two sockets hold, as names of metrics.
  const names = Array.from({ length: 300 }, (_, k) => `"${k}${"m".repeat(60_000)}":1`);
  const run = runFromText("a", names.map((name) => `{"step":0,${name}}\n`).join(""));
  // The good one reads 18 MB in this very process, and must not seem stuck where the machine is busy.
  const streams = { streams: 2, heldBytes: 1 << 16, patience: 2_000 };
  server = await startPageServer(new RunBoard(() => [run]), { port: 0, streams });
  const stuck = connect(server.port, "127.0.0.1");
  stuck.on("error", () => undefined).pause();
  stuck.write(
    `GET /api/updates HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.token}\r\n\r\n`,
  );
  const good = await open();
  await good.update((update) => update.whole);
  // Its place is free again, so it was let go.
  await expect.poll(async () => (await open()).response.statusCode, { timeout: 40_000 }).toBe(200);
  run.write(line(1, 7));
  await good.update((update) => update.runs[0]?.metrics.some(({ latest }) => latest === 7) === true);
  good.response.destroy();
  stuck.destroy();
});

test("connections are limited", async () => {
  const run = runFromText("a", line(0, 1));
  server = await startPageServer(new RunBoard(() => [run]), { port: 0, connections: 3 });
  const sockets = Array.from({ length: 6 }, () => connect(server.port, "127.0.0.1"));
  const closed = sockets.map(
    async (socket) =>
      new Promise<void>((resolve) => {
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
      }),
  );
  let count = 0;
  for (const end of closed) void end.then(() => count++);
  await expect.poll(() => count, { timeout: 5_000 }).toBe(3);
  for (const socket of sockets) socket.destroy();
});
