import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { windowsFromBytes } from "../../src/plot/window-bytes.ts";
import { startPageServer, type PageServer } from "../../src/server/page-server.ts";
import { createToken } from "../../src/server/token.ts";
import { boardFromText } from "./board-from-text.ts";

const LOG = '{"step":0,"loss":2}\n{"step":1,"loss":NaN}\n{"step":2,"loss":1}\n';
const WINDOWS = "/api/windows?series=r0.0&axis=step&from=0&to=2&columns=3";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let server: PageServer;
beforeAll(async () => {
  server = await startPageServer(boardFromText({ a: LOG }), { port: 0, streams: { streams: 4 } });
});
afterAll(async () => server.close());

/** Asks with the right host and key, but for what `headers` change; `undefined` leaves one out. */
async function get(
  path: string,
  headers: Record<string, string | undefined> = {},
  method = "GET",
): Promise<Answer> {
  const all: Record<string, string | undefined> = {
    host: `127.0.0.1:${server.port}`,
    cookie: `lossflow_${server.port}=${server.token}`,
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port: server.port, path, method, setHost: false, headers: given, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

/** Sends bytes as they are and gives the first line that comes back. */
async function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("end", () => resolve(answer.split("\r\n")[0]!));
    socket.on("error", reject);
  });
}

describe("who is answered", () => {
  test.each([
    ["127.0.0.1", 200],
    ["localhost", 200],
    ["[::1]", 200],
    ["LocalHost", 200],
    ["evil.example", 421],
    ["localhost.evil.example", 421],
    ["127.0.0.1.evil.example", 421],
    ["0.0.0.0", 421],
    ["2130706433", 421],
  ])("a host of the name %s with the right port: %i", async (host, status) => {
    expect((await get(WINDOWS, { host: `${host}:${server.port}` })).status).toBe(status);
  });

  test("a host without the port, or with another, is refused", async () => {
    expect((await get(WINDOWS, { host: "127.0.0.1" })).status).toBe(421);
    expect((await get(WINDOWS, { host: `localhost:${server.port + 1}` })).status).toBe(421);
    expect(await raw("GET / HTTP/1.0\r\n\r\n")).toContain("421");
    expect(
      await raw(
        `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      ),
    ).toMatch(/ 4(00|21) /);
  });

  test.each(["http://evil.example", "null", "http://localhost:3000", "https://127.0.0.1", "file://", ""])(
    "the origin %j is refused",
    async (origin) => {
      expect((await get(WINDOWS, { origin })).status).toBe(403);
    },
  );

  test("the page's own origin is answered, and nobody is told that others may read", async () => {
    const { status, headers } = await get(WINDOWS, { origin: `http://127.0.0.1:${server.port}` });
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test.each([
    ["cross-site", 403],
    ["same-site", 403],
    ["same-origin", 200],
    ["none", 200],
  ])("Sec-Fetch-Site: %s: %i", async (site, status) => {
    expect((await get(WINDOWS, { "sec-fetch-site": site })).status).toBe(status);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])(
    "%s is refused",
    async (method) => {
      const { status, headers } = await get(WINDOWS, {}, method);
      expect(status).toBe(405);
      expect(headers.allow).toBe("GET");
    },
  );
});

describe("the key of a start", () => {
  const without = { cookie: undefined };

  test("is 192 random bits, and another each time", () => {
    const tokens = new Set(Array.from({ length: 100 }, createToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(24);
  });

  test.each(["/session", "/api/updates", WINDOWS, "/anything"])("%s is refused without it", async (path) => {
    expect((await get(path, without)).status).toBe(401);
    expect((await get(path, { cookie: `lossflow_${server.port}=${"x".repeat(32)}` })).status).toBe(401);
    expect((await get(path, { cookie: `lossflow_${server.port + 1}=${server.token}` })).status).toBe(401);
    expect((await get(path, { ...without, authorization: `Bearer ${server.token.slice(1)}` })).status).toBe(
      401,
    );
    expect((await get(`${path}?token=${server.token}`, without)).status).toBe(401);
  });

  test("shown once gives a cookie that scripts cannot read and other sites cannot send", async () => {
    const { status, headers } = await get("/session", {
      ...without,
      authorization: `Bearer ${server.token}`,
    });
    expect(status).toBe(204);
    expect(headers["set-cookie"]).toEqual([
      `lossflow_${server.port}=${server.token}; Path=/; HttpOnly; SameSite=Strict`,
    ]);
  });

  test("stands in the address after #, which no browser sends", () => {
    expect(new URL(server.url).hash).toBe(`#${server.token}`);
    expect(server.url.split("#")[0]).not.toContain(server.token);
  });
});

describe("what is answered", () => {
  test.each(["/", "/page.js", "/page.css", "/drop-worker.js", "/engine-worker.js"])(
    "the page's %s, to anyone, without data",
    async (path) => {
      const { status, body } = await get(path, { cookie: undefined });
      expect(status).toBe(200);
      expect(body.includes("secret")).toBe(false);
    },
  );

  test.each([
    "/../package.json",
    "/%2e%2e/package.json",
    "/..%2fpackage.json",
    "/%252e%252e/main.js",
    "/....//main.js",
    "/page.js%00",
    "/page.js/.",
    "/page.js/",
    "//etc/passwd",
    "/..\\main.js",
    "/page.js?raw??/../main.js%2f",
    "/%c0%ae%c0%ae/main.js",
    "/index.html",
    "/etc/passwd",
    "/proc/self/environ",
    "/.git/config",
    "/__proto__",
    "/constructor",
  ])("the path %s leads nowhere", async (path) => {
    const { status, body } = await get(path);
    if (path.startsWith("/page.js?")) expect(body).toEqual((await get("/page.js")).body);
    else expect([400, 404]).toContain(status);
  });

  test.each(["http://evil.example/", "*", "#", "/ HTTP/1.1 /", "/\u0000"])(
    "the target %j is no path",
    async (target) => {
      expect(
        await raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`),
      ).toMatch(/ 400 /);
    },
  );

  test.each(["/", "/api/windows", WINDOWS, "/nothing"])(
    "%s carries the headers that keep a page in",
    async (path) => {
      const { headers } = await get(path);
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["cache-control"]).toBe("no-store");
    },
  );

  test.each(["/drop-worker.js", "/engine-worker.js"])(
    "%s may compile kernels, and connect to nothing",
    async (path) => {
      const policy = String((await get(path)).headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).not.toMatch(/connect-src|unsafe-inline|'unsafe-eval'/);
    },
  );

  test("windows hold what the log holds", async () => {
    const { headers, body } = await get(WINDOWS);
    expect(headers["content-type"]).toBe("application/octet-stream");
    const [window] = windowsFromBytes(
      body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer,
    );
    expect([...window!.columns.column]).toEqual([0, 1, 2]);
    expect([...window!.columns.first]).toEqual([2, Number.NaN, 1]);
    expect([...window!.columns.nonFinite]).toEqual([0, 1, 0]);
  });

  test.each([
    "series=r0.0&axis=step&from=0&to=2",
    "series=r0.0&axis=step&from=0&to=2&columns=1e9",
    "series=r0.0&axis=step&from=0&to=2&columns=0",
    "series=r0.0&axis=step&from=2&to=0&columns=3",
    "series=r0.0&axis=step&from=NaN&to=2&columns=3",
    "series=r0.0&axis=step&from=0&to=Infinity&columns=3",
    "series=r0.0&axis=__proto__&from=0&to=2&columns=3",
    "series=&axis=step&from=0&to=2&columns=3",
    "series=../../etc&axis=step&from=0&to=2&columns=3",
    `series=${Array.from({ length: 300 }, () => "r0.0").join()}&axis=step&from=0&to=2&columns=3`,
    "series=r0.0&axis=step&from=0&to=2&columns=3&smoothing=99",
    "series=r0.0&axis=step&from=0&to=2&columns=3&smoothing=constructor",
  ])("windows of %s are refused with one sentence", async (query) => {
    const { status, body } = await get(`/api/windows?${query}`);
    expect(status).toBe(400);
    expect(String(body)).toMatch(/^The part [a-z]+ of the request is [^\n]+\.\n$/);
  });

  test("a series that does not exist is not found", async () => {
    expect((await get(WINDOWS.replace("r0.0", "r7.0"))).status).toBe(404);
    expect((await get(WINDOWS.replace("r0.0", "r0.7"))).status).toBe(404);
    expect((await get(WINDOWS.replace("r0.0", "d0.0"))).status).toBe(404);
  });
});
