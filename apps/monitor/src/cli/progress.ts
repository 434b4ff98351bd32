import { escapeText } from "../format/escape-text.ts";
import { fitText } from "../format/text-width.ts";

/** One line on standard error that says how far long work is. */
export interface Progress {
  show(text: string): void;
  /** Wipes the line; to be called before anything else is printed. */
  clear(): void;
}

/** Milliseconds before the first line, so that short work shows none, and between lines. */
const PATIENCE = 400;
const INTERVAL = 100;

/** Makes the progress line of a command: on a terminal alone, silent elsewhere. */
export function createProgress(err: NodeJS.WriteStream): Progress {
  if (!err.isTTY) return { show: () => undefined, clear: () => undefined };
  let next = performance.now() + PATIENCE;
  let shown = false;
  return {
    show(text) {
      const now = performance.now();
      if (now < next) return;
      next = now + INTERVAL;
      shown = true;
      err.write(`\r\u001b[K${fitText(escapeText(text), (err.columns || 80) - 1)}`);
    },
    clear() {
      if (shown) err.write("\r\u001b[K");
      shown = false;
    },
  };
}
