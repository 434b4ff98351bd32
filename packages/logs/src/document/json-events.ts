import { NumberScanner } from "../bytes/number-scanner.ts";

/** Takes the parts of JSON documents in the order of their bytes. */
export interface JsonHandler {
  open(kind: "object" | "array"): void;
  close(): void;
  key(name: string): void;
  number(value: number): void;
  string(text: string): void;
  /** true, false, null. */
  literal(): void;
}

const LONGEST_TOKEN = 1 << 20;
const DEEPEST = 256;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Reads JSON documents as their bytes arrive, with the NaN and Infinity that Python writes, telling a handler of each
 * part as it is complete. Memory is bounded by the longest string, not by the document.
 */
export class JsonEvents {
  readonly #handler: JsonHandler;
  readonly #numbers = new NumberScanner();
  readonly #decoder = new TextDecoder();
  #pending: Uint8Array = new Uint8Array(0);
  /** One letter a container: `o` an object before a key, `v` after a key, `a` an array. */
  #stack: ("key" | "value" | "array")[] = [];
  #broken = false;
  #documents = 0;

  constructor(handler: JsonHandler) {
    this.#handler = handler;
  }

  /** What follows cannot be read as JSON. */
  get broken(): boolean {
    return this.#broken;
  }

  /** A document has begun and not ended. */
  get unfinished(): boolean {
    return this.#stack.length > 0 || this.#pending.length > 0;
  }

  /** Documents that ended. */
  get documents(): number {
    return this.#documents;
  }

  write(chunk: Uint8Array): void {
    if (this.#broken) return;
    let bytes = chunk;
    if (this.#pending.length > 0) {
      bytes = new Uint8Array(this.#pending.length + chunk.length);
      bytes.set(this.#pending);
      bytes.set(chunk, this.#pending.length);
    }
    const at = this.#parse(bytes, false);
    this.#pending = bytes.slice(at);
    if (this.#pending.length > LONGEST_TOKEN) this.#broken = true;
  }

  end(): void {
    if (this.#broken || this.#pending.length === 0) return;
    this.#pending = this.#pending.slice(this.#parse(this.#pending, true));
  }

  /** Reads whole tokens; returns where the first incomplete one begins. */
  #parse(bytes: Uint8Array, last: boolean): number {
    const end = bytes.length;
    let i = 0;
    while (i < end && !this.#broken) {
      const c = bytes[i]!;
      if (c === 32 || c === 10 || c === 13 || c === 9 || c === 44 || c === 58 || c === 0) i++;
      else if (c === 123 || c === 91) {
        this.#value();
        this.#stack.push(c === 123 ? "key" : "array");
        if (this.#stack.length > DEEPEST) this.#broken = true;
        this.#handler.open(c === 123 ? "object" : "array");
        i++;
      } else if (c === 125 || c === 93) {
        if (this.#stack.pop() === undefined) this.#broken = true;
        else this.#handler.close();
        if (this.#stack.length === 0) this.#documents++;
        i++;
      } else if (c === QUOTE) {
        const close = closingQuote(bytes, i + 1);
        if (close < 0) return i;
        this.#text(bytes, i, close);
        i = close + 1;
      } else {
        let to = i;
        while (to < end && isWordByte(bytes[to]!)) to++;
        if (to === end && !last) return i;
        if (to === i) this.#broken = true;
        else this.#word(bytes, i, to);
        i = to;
      }
    }
    return i;
  }

  #text(bytes: Uint8Array, open: number, close: number): void {
    const raw = this.#decoder.decode(bytes.subarray(open + 1, close));
    let text = raw;
    if (raw.includes("\\")) {
      try {
        text = String(JSON.parse(`"${raw}"`));
      } catch {
        text = raw;
      }
    }
    if (this.#stack.at(-1) === "key") {
      this.#stack[this.#stack.length - 1] = "value";
      this.#handler.key(text);
    } else {
      this.#value();
      this.#handler.string(text);
    }
  }

  #word(bytes: Uint8Array, start: number, end: number): void {
    if (this.#stack.at(-1) === "key" || this.#stack.length === 0) {
      this.#broken = true;
      return;
    }
    this.#value();
    if (this.#numbers.scan(bytes, start, end) === end) this.#handler.number(this.#numbers.value);
    else if (/^(?:true|false|null)$/.test(this.#decoder.decode(bytes.subarray(start, end))))
      this.#handler.literal();
    else this.#broken = true;
  }

  /** A value stands here: in an object, a key follows it. */
  #value(): void {
    const top = this.#stack.length - 1;
    if (top < 0) return;
    if (this.#stack[top] === "key") this.#broken = true;
    else if (this.#stack[top] === "value") this.#stack[top] = "key";
  }
}

function closingQuote(bytes: Uint8Array, from: number): number {
  for (let i = from; ; i++) {
    i = bytes.indexOf(QUOTE, i);
    if (i < 0) return -1;
    let slashes = 0;
    while (i - slashes - 1 >= from && bytes[i - slashes - 1] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return i;
  }
}

function isWordByte(c: number): boolean {
  return (
    (c >= 48 && c <= 57) ||
    (c >= 65 && c <= 90) ||
    (c >= 97 && c <= 122) ||
    c === 43 ||
    c === 45 ||
    c === 46 ||
    // What C prints for a NaN: `-nan(ind)`, `1.#QNAN`.
    c === 35 ||
    c === 40 ||
    c === 41
  );
}
