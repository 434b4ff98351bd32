import { createWriteStream, mkdirSync, mkdtempSync, rmSync, type WriteStream } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  natsAddressFromText,
  connectNats,
  readLogs,
  withoutSecret,
  type LogPiece,
} from "@lossflow/jetstream";
import { say } from "../cli/say.ts";
import type { Context } from "../cli/context.ts";

/** Copies of published logs in a folder, where every command reads them as files. */
export interface Mirror {
  readonly folder: string;
  /** The address as it may be shown. */
  readonly source: string;
  /** The runs, by the path of each of their files. */
  readonly runs: ReadonlyMap<string, string>;
  /** Resolves when what was there at the beginning has been copied. @throws LF_NATS_* */
  readonly caughtUp: Promise<void>;
  /** Rejects where the copying fails; resolves when the mirror is closed, or at once after a copy of what was there. */
  readonly done: Promise<void>;
  /** Ends the copying and removes the folder. */
  close(): Promise<void>;
}

/**
 * Copies the logs published at an address (of one run, or of all) into a temporary folder: what is there, or what comes
 * too where it is `live`. A file that begins anew is truncated, as the file at its publisher was.
 */
export async function mirrorLogs(context: Context, source: string, live: boolean): Promise<Mirror> {
  const address = natsAddressFromText(source);
  const tell = (sentence: string): void => say(context, sentence);
  // Whoever watches waits for servers that are gone; whoever reads what is there does so for a minute.
  const patience = live ? Infinity : undefined;
  const nats = await connectNats({ ...address, name: "lossflow watch", patience, tell });
  const folder = mkdtempSync(join(tmpdir(), "lossflow-nats-"));
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const files = new Map<string, MirroredFile>();
  const taken = new Set<string>();
  const runs = new Map<string, string>();
  let onCaughtUp!: () => void;
  const caughtUp = new Promise<void>((resolve) => (onCaughtUp = resolve));
  const copy = async (): Promise<void> => {
    try {
      for await (const piece of readLogs({ nats, run: address.run, once: !live, signal, onCaughtUp })) {
        const name = JSON.stringify([piece.run, piece.file]);
        let file = files.get(name);
        if (file === undefined) {
          const path = join(folder, freePath(piece, taken));
          file = new MirroredFile(path);
          files.set(name, file);
          runs.set(path, piece.run);
        }
        const gone = await file.add(piece);
        if (gone > 0) {
          say(
            context,
            `${gone} bytes of ${piece.run} are no longer on the servers: what follows them is shown, they are not.`,
          );
        }
      }
    } finally {
      for (const file of files.values()) await file.end();
      onCaughtUp();
    }
  };
  const done = copy();
  done.catch(() => undefined);
  return {
    folder,
    source: withoutSecret(source.replace(/\?.*$/, "")),
    runs,
    // Whoever waits for the first copy hears of a failure too; what is not live is whole once all files are closed.
    caughtUp: live ? Promise.race([caughtUp, done]) : done,
    done,
    async close() {
      stop.abort();
      await done.catch(() => undefined);
      await nats.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A file of the mirror, written at its end alone. */
class MirroredFile {
  readonly #path: string;
  #stream: WriteStream | undefined;
  #content = -1;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds a piece; gives how many bytes are missing before it. */
  async add({ content, offset, bytes }: LogPiece): Promise<number> {
    if (content !== this.#content || this.#stream === undefined) {
      await this.end();
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#stream = createWriteStream(this.#path, { flags: "w" });
      this.#content = content;
      this.#offset = 0;
    }
    const gone = offset - this.#offset;
    this.#offset = offset + bytes.length;
    if (!this.#stream.write(bytes)) await once(this.#stream, "drain");
    return gone;
  }

  async end(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream === undefined) return;
    stream.end();
    await once(stream, "close");
  }
}

/**
 * Where a run's file lies in the mirror: folders as its name has them, each name made one that every system takes and
 * none that leads out of the mirror. Names that differ in what was taken out of them get a number.
 */
function freePath({ run, file }: Pick<LogPiece, "run" | "file">, taken: Set<string>): string {
  const folder = run.split("/").map(safeName).join("/");
  for (let i = 1; ; i++) {
    const path = `${folder}${i === 1 ? "" : `~${i}`}/${safeName(file)}`;
    // Some file systems do not tell capitals apart.
    const key = path.toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return path;
  }
}

function safeName(name: string): string {
  const safe = name
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, "_")
    .replace(/^\.+$/, "_")
    .slice(0, 100);
  return safe === "" ? "_" : safe;
}
