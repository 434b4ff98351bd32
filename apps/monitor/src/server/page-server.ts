import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { isLossflowError } from "@lossflow/core";
import type { RunBoard } from "../plot/run-board.ts";
import { bytesFromWindows } from "../plot/window-bytes.ts";
import { hostNames } from "./host-names.ts";
import { type PageFile, readPageFiles } from "./page-files.ts";
import { refusalOf } from "./refusal.ts";
import { SECURITY_HEADERS, WORKER_POLICY } from "./security-headers.ts";
import { createToken, isSameToken } from "./token.ts";
import { type StreamLimits, UpdateStreams } from "./update-streams.ts";
import { windowRequestFromQuery } from "./window-request-from-query.ts";

/** Where to listen, and how much to give at once. */
export interface PageServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** 127.0.0.1 if not given: nobody else's machine can connect. */
  readonly host?: string;
  /** Connections open at once; 64 if not given. */
  readonly connections?: number;
  readonly streams?: Partial<StreamLimits>;
}

/** A page that is being served. */
export interface PageServer {
  readonly port: number;
  /** Its address; the fragment is the secret of this start, which no browser ever sends to a server. */
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

const LIMITS: StreamLimits = { streams: 16, heldBytes: 1 << 20, patience: 10_000 };
const BEARER = /^Bearer ([\w-]{16,128})$/;

/**
 * Serves the page and the board's data by HTTP, to those who know the secret of this start.
 *
 * The page itself holds no data and is given to whoever passes the checks of {@link refusalOf}; it shows the secret
 * once, at `/session`, and has a cookie from then on that no script can read and no other site can have sent.
 * @throws LF_PAGE_MISSING; what `listen` throws, such as EADDRINUSE.
 */
export async function startPageServer(board: RunBoard, options: PageServerOptions): Promise<PageServer> {
  const files = readPageFiles();
  const token = createToken();
  const streams = new UpdateStreams(board, { ...LIMITS, ...options.streams });
  const host = options.host ?? "127.0.0.1";
  let hosts: ReadonlySet<string> = new Set();
  const server = createServer(
    { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
    (request, response) => answer(request, response, { board, files, token, streams, hosts }),
  );
  server.maxConnections = options.connections ?? 64;
  server.on("clientError", refuseUnread);
  const port = await listen(server, options.port, host);
  hosts = hostNames(host, port);
  return {
    port,
    token,
    url: `http://${[...hosts][0]!}/#${token}`,
    close: async () => {
      streams.close();
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Service {
  readonly board: RunBoard;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly token: string;
  readonly streams: UpdateStreams;
  readonly hosts: ReadonlySet<string>;
}

function answer(request: IncomingMessage, response: ServerResponse, service: Service): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  // Nothing here reads a body.
  request.resume();
  const refusal = refusalOf(request, service.hosts);
  if (refusal !== null) {
    if (refusal.status === 405) response.setHeader("Allow", "GET");
    return say(response, refusal.status, refusal.sentence);
  }
  const [path, query] = split(request.url!);
  const file = service.files.get(path);
  if (file !== undefined) {
    if (path.endsWith("-worker.js")) response.setHeader("Content-Security-Policy", WORKER_POLICY);
    return send(response, file.type, file.bytes);
  }
  // Cookies know no ports: the name tells the pages of one machine apart.
  const cookieName = `lossflow_${request.socket.localPort}`;
  if (!isAllowed(request, service.token, cookieName)) {
    response.setHeader("WWW-Authenticate", "Bearer");
    return say(response, 401, "Open the address that lossflow printed: it holds the key of this page.");
  }
  if (path === "/session") {
    response.setHeader("Set-Cookie", `${cookieName}=${service.token}; Path=/; HttpOnly; SameSite=Strict`);
    response.writeHead(204).end();
  } else if (path === "/api/updates") {
    if (service.streams.isFull)
      return say(response, 503, "Too many pages are open: close one and load this again.");
    service.streams.open(response);
  } else if (path === "/api/windows") sendWindows(response, service.board, query);
  else say(response, 404, "There is nothing here.");
}

function sendWindows(response: ServerResponse, board: RunBoard, query: URLSearchParams): void {
  try {
    const windows = board.windows(windowRequestFromQuery(query));
    send(response, "application/octet-stream", Buffer.from(bytesFromWindows(windows).buffer));
  } catch (error) {
    if (!isLossflowError(error)) throw error;
    say(response, error.code === "LF_UNKNOWN_SERIES" ? 404 : 400, error.message);
  }
}

function isAllowed(request: IncomingMessage, token: string, cookieName: string): boolean {
  const bearer = BEARER.exec(request.headers.authorization ?? "")?.[1];
  const cookies = (request.headers.cookie ?? "").split(/;\s*/).map((pair) => pair.split("="));
  const cookie = cookies.find(([name]) => name === cookieName)?.[1];
  return [bearer, cookie].some((shown) => shown !== undefined && isSameToken(shown, token));
}

function split(url: string): [path: string, query: URLSearchParams] {
  const at = url.indexOf("?");
  return at < 0 ? [url, new URLSearchParams()] : [url.slice(0, at), new URLSearchParams(url.slice(at + 1))];
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  response.end(`${sentence}\n`);
}

function send(response: ServerResponse, type: string, bytes: Buffer): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(bytes);
}

/** What is no HTTP gets the least that HTTP has. */
function refuseUnread(_error: Error, socket: Socket): void {
  if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  else socket.destroy();
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
