import { LossflowError } from "@lossflow/core";

/** How often what failed for the moment is asked for again, and the first pause in milliseconds; each is twice as long. */
const RETRIES = 4;
const PAUSE = 100;
/** Bytes of the first request: format, schema and first batch of most files. */
export const FIRST_BYTES: number = 2 ** 18;

/** What the first answer tells of a file. */
export interface FirstAnswer {
  /** Total bytes where ranges are given, else undefined. */
  readonly size: number | undefined;
  /** What the server calls this version of the file; null where it says nothing of the kind. */
  readonly version: string | null;
  /** The first bytes where ranges are given, else the whole file to come. */
  readonly response: Response;
}

/** Asks for the beginning of a file. @throws LF_NOT_FOUND, LF_HTTP */
export async function firstAnswer(url: URL, name: string): Promise<FirstAnswer> {
  return withRetries(name, async () => {
    const response = await fetch(url, { headers: { range: `bytes=0-${FIRST_BYTES - 1}` } });
    if (response.status === 206) {
      return { size: totalOf(response, 0, name), version: versionOf(response), response };
    }
    // An empty file has no first bytes.
    if (response.status === 416 && /^bytes \*\/0$/.test(response.headers.get("content-range") ?? "")) {
      await response.body?.cancel();
      return { size: 0, version: versionOf(response), response: new Response(new Uint8Array(0)) };
    }
    await refuseStatus(response, name);
    return { size: undefined, version: versionOf(response), response };
  });
}

/** Reads bytes `from` to `to` of a file that must still be of that size and version. @throws LF_SOURCE_CHANGED, LF_HTTP */
export async function readRange(
  url: URL,
  name: string,
  from: number,
  to: number,
  { size, version }: Pick<FirstAnswer, "size" | "version">,
): Promise<Uint8Array> {
  return withRetries(name, async () => {
    const response = await fetch(url, { headers: { range: `bytes=${from}-${to - 1}` } });
    if (
      response.status === 206 &&
      totalOf(response, from, name) === size &&
      versionOf(response) === version
    ) {
      return bytesOf(response, to - from, name);
    }
    // A file that became shorter has no such range any more.
    if ([200, 206, 412, 416].includes(response.status)) {
      await response.body?.cancel();
      throw changed(name);
    }
    await refuseStatus(response, name);
    throw changed(name);
  });
}

/** @throws LF_HTTP, to be tried again, where the connection ends before its bytes are there */
export async function bytesOf(response: Response, due: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length !== due) throw new Passing(`it gave ${bytes.length} bytes for ${due}`, name);
  return bytes;
}

/** The refusal of a file that is not the one that it was. */
export function changed(name: string): LossflowError {
  return new LossflowError(
    "LF_SOURCE_CHANGED",
    `${name} has changed while it was read; run again to read it as it is now.`,
    { path: name },
  );
}

/** Total bytes, from `bytes FROM-TO/TOTAL`; a server that answers for another range is not understood. */
function totalOf(response: Response, from: number, name: string): number {
  const range = response.headers.get("content-range") ?? "";
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range) ?? [];
  if (start === undefined || Number(start) !== from)
    throw new LossflowError("LF_HTTP", `${name}: the server gives ranges that are not those asked for.`, {
      path: name,
    });
  return Number(total);
}

function versionOf({ headers }: Response): string | null {
  return headers.get("etag") ?? headers.get("last-modified");
}

async function refuseStatus(response: Response, name: string): Promise<void> {
  const { status } = response;
  if (status === 200) return;
  await response.body?.cancel();
  if (status === 404 || status === 410)
    throw new LossflowError("LF_NOT_FOUND", `${name} is not there (${status}); check the address.`, {
      path: name,
    });
  if (status === 429 || status >= 500) throw new Passing(`the server answers ${status}`, name);
  throw new LossflowError("LF_HTTP", `${name} cannot be read: the server answers ${status}.`, { path: name });
}

/** A failure that may be gone the next time. */
class Passing extends LossflowError {
  constructor(why: string, name: string) {
    super("LF_HTTP", `${name} cannot be read: ${why}; try again later.`, { path: name });
  }
}

async function withRetries<T>(name: string, request: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const passing = error instanceof LossflowError ? error : brokenConnection(error, name);
      if (!(passing instanceof Passing) || attempt === RETRIES) throw passing;
      await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** attempt));
    }
  }
}

/** `fetch` says no more than that it failed; the cause says why, in Node. */
function brokenConnection(error: unknown, name: string): Passing {
  const cause = error instanceof Error ? error.cause : undefined;
  const code =
    typeof cause === "object" && cause !== null && "code" in cause ? ` (${String(cause.code)})` : "";
  return new Passing(`the connection fails${code}`, name);
}
