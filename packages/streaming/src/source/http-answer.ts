import { LossflowError } from "@lossflow/core";

/** What is asked of a server, and until when. */
export interface Asked {
  /** Without a user or a password, which `fetch` refuses. */
  readonly url: URL;
  /** The header that says who asks; null for nobody. */
  readonly authorization: string | null;
  /** As messages have it. */
  readonly name: string;
  /** Milliseconds of silence after which a request counts as broken. */
  readonly patience: number;
  /** Ends the requests that are under way. */
  readonly signal: AbortSignal;
}

/** A failure that may be gone the next time. */
export class Passing extends LossflowError {
  constructor(why: string, name: string) {
    super("LF_HTTP", `${name} cannot be read: ${why}; try again later.`, { path: name });
  }
}

/**
 * An answer whose head has come. Its body is to be read, or to be dropped.
 *
 * The signal of a job lives as long as the job: each request forgets it when it is done (AbortSignal.any of Node 20 does not).
 */
export class HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly #response: Response;
  readonly #asked: Asked;
  readonly #forget: () => void;

  private constructor(response: Response, asked: Asked, forget: () => void) {
    this.status = response.status;
    this.headers = response.headers;
    this.#response = response;
    this.#asked = asked;
    this.#forget = forget;
  }

  /** Asks for a range. @throws LF_HTTP where the server is silent for too long; what `fetch` fails with */
  static async to(asked: Asked, range: string): Promise<HttpAnswer> {
    const { url, authorization, name, patience, signal } = asked;
    const headers = { range, ...(authorization === null ? {} : { authorization }) };
    const request = new AbortController();
    const end = (): void => request.abort();
    const forget = (): void => signal.removeEventListener("abort", end);
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      end();
    }, patience);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    try {
      const response = await fetch(url, { headers, signal: request.signal });
      return new HttpAnswer(response, asked, forget);
    } catch (error) {
      forget();
      throw isSilent ? silent(patience, name) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives the chunks of the body as they come. @throws LF_HTTP where none comes for too long; what `fetch` fails with */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { name, patience } = this.#asked;
    const reader = this.#response.body?.getReader();
    try {
      if (reader === undefined) return;
      for (;;) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const silence = new Promise<never>((_, refuse) => {
          timer = setTimeout(() => refuse(silent(patience, name)), patience);
        });
        const { done, value } = await Promise.race([reader.read(), silence]).finally(() =>
          clearTimeout(timer),
        );
        if (done) return;
        yield value;
      }
    } finally {
      this.#forget();
      await reader?.cancel().catch(() => undefined);
    }
  }

  /** @throws LF_HTTP, to be tried again, where the body is not of `due` bytes */
  async bytes(due: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(due);
    let count = 0;
    for await (const chunk of this.chunks()) {
      if (count + chunk.length <= due) bytes.set(chunk, count);
      count += chunk.length;
    }
    if (count !== due) throw new Passing(`it gave ${count} bytes for ${due}`, this.#asked.name);
    return bytes;
  }

  /** Leaves the body where it is. */
  async drop(): Promise<void> {
    this.#forget();
    await this.#response.body?.cancel().catch(() => undefined);
  }
}

function silent(patience: number, name: string): Passing {
  return new Passing(`the server has been silent for ${patience / 1000} s`, name);
}
