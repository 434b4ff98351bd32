import { LossflowError } from "@lossflow/core";
import { HttpAnswer, Passing, type Asked } from "./http-answer.ts";

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
  readonly answer: HttpAnswer;
}

/** Asks for the beginning of a file. @throws LF_NOT_FOUND, LF_HTTP */
export function firstAnswer(asked: Asked): Promise<FirstAnswer> {
  const { name } = asked;
  return withRetries(asked, async () => {
    const answer = await HttpAnswer.to(asked, `bytes=0-${FIRST_BYTES - 1}`);
    if (answer.status === 206) return { size: totalOf(answer, 0, name), version: versionOf(answer), answer };
    // An empty file has no first bytes.
    if (answer.status === 416 && /^bytes \*\/0$/.test(answer.headers.get("content-range") ?? ""))
      return { size: 0, version: versionOf(answer), answer };
    await refuseStatus(answer, name);
    return { size: undefined, version: versionOf(answer), answer };
  });
}

/** Reads bytes `from` to `to` of a file that must still be of that size and version. @throws LF_SOURCE_CHANGED, LF_HTTP */
export function readRange(
  asked: Asked,
  from: number,
  to: number,
  { size, version }: Pick<FirstAnswer, "size" | "version">,
): Promise<Uint8Array> {
  const { name } = asked;
  return withRetries(asked, async () => {
    const answer = await HttpAnswer.to(asked, `bytes=${from}-${to - 1}`);
    if (answer.status === 206 && totalOf(answer, from, name) === size && versionOf(answer) === version)
      return answer.bytes(to - from);
    // A file that became shorter has no such range any more.
    if ([200, 206, 412, 416].includes(answer.status)) {
      await answer.drop();
      throw changed(name);
    }
    await refuseStatus(answer, name);
    throw changed(name);
  });
}

/** The refusal of a file that is not the one that it was. */
function changed(name: string): LossflowError {
  return new LossflowError(
    "LF_SOURCE_CHANGED",
    `${name} has changed while it was read; run again to read it as it is now.`,
    { path: name },
  );
}

/** Total bytes, from `bytes FROM-TO/TOTAL`; a server that answers for another range is not understood. */
function totalOf({ headers }: HttpAnswer, from: number, name: string): number {
  const range = headers.get("content-range") ?? "";
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range) ?? [];
  if (start === undefined || Number(start) !== from)
    throw new LossflowError(
      "LF_HTTP",
      `${name}: the server gives ranges that are not those asked for; download the file first.`,
      {
        path: name,
      },
    );
  return Number(total);
}

function versionOf({ headers }: HttpAnswer): string | null {
  return headers.get("etag") ?? headers.get("last-modified");
}

async function refuseStatus(answer: HttpAnswer, name: string): Promise<void> {
  const { status } = answer;
  if (status === 200) return;
  await answer.drop();
  if (status === 404 || status === 410)
    throw new LossflowError("LF_NOT_FOUND", `${name} is not there (${status}); check the address.`, {
      path: name,
    });
  if (status === 429 || status >= 500) throw new Passing(`the server answers ${status}`, name);
  throw new LossflowError(
    "LF_HTTP",
    `${name} cannot be read: the server answers ${status}; check the address, and whether it may be read.`,
    { path: name },
  );
}

async function withRetries<T>({ name, signal }: Asked, request: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const passing = error instanceof LossflowError ? error : brokenConnection(error, name);
      if (!(passing instanceof Passing) || attempt === RETRIES || signal.aborted) throw passing;
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
