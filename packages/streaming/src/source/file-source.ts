import {
  close as closeFile,
  createReadStream,
  fstat as statFile,
  open as openFile,
  read as readFile,
  type Stats,
} from "node:fs";
import { promisify } from "node:util";
import { LossflowError } from "@lossflow/core";
import { filePrint } from "./file-print.node.ts";
import { readFileInto, fileRefusal } from "./file-reads.node.ts";
import type { ByteSource, OpenFile } from "./byte-source.ts";
import { openTable } from "./open-table.ts";
import { streamBytes } from "./stream-bytes.ts";
import type { TableSource } from "./table-source.ts";

const open = promisify(openFile);
const close = promisify(closeFile);
const stat: (file: number) => Promise<Stats> = promisify(statFile);

/** Reads up to this many bytes, such as the head of a batch, are not worth handing to another thread. */
const SHORT_READ = 65536;

/**
 * Makes a source of a file; it is opened when the job comes to it and closed when it is read.
 * @throws LF_BAD_OPTION where the path is none; on opening LF_NOT_FOUND, LF_NOT_A_FILE, LF_UNREADABLE
 */
export function fileSource(path: string, name: string = path): TableSource {
  if (typeof path !== "string" || path === "")
    throw new LossflowError(
      "LF_BAD_OPTION",
      "The path of a file is no text, or an empty one; give its path.",
    );
  if (typeof name !== "string") throw noName();
  return {
    name,
    open: async () => openTable(await fileBytes(path, name)),
    print: () => filePrint(path, name),
  };
}

/**
 * Makes a source of a byte stream, such as standard input, that is read once from its beginning.
 * @throws LF_BAD_OPTION where it is none
 */
export function streamSource(chunks: AsyncIterable<Uint8Array>, name: string): TableSource {
  if (typeof (chunks as Partial<typeof chunks> | undefined | null)?.[Symbol.asyncIterator] !== "function")
    throw new LossflowError(
      "LF_BAD_OPTION",
      "What is to be read is no stream; give one of bytes, such as process.stdin.",
    );
  if (typeof name !== "string") throw noName();
  return { name, open: () => openTable(streamBytes(chunks, name)) };
}

function noName(): LossflowError {
  return new LossflowError("LF_BAD_OPTION", "The name of a source is no text; refusals are to name it.");
}

async function fileBytes(path: string, name: string): Promise<ByteSource> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw fileRefusal(cause, name);
  });
  const info = await stat(file);
  // Pipes and devices have no size and no positions.
  if (!info.isFile() && !info.isDirectory()) return streamBytes(createReadStream(path, { fd: file }), name);
  if (info.isDirectory()) {
    await close(file);
    throw new LossflowError("LF_NOT_A_FILE", `${name} is a folder; give a file.`, { path: name });
  }
  const shared = sharedFile(file);
  return {
    name,
    size: info.size,
    file: shared,
    readInto: (at, target) => readFully(file, at, target, name),
    async read(at, length) {
      const target = new Uint8Array(Math.max(0, Math.min(length, info.size - at)));
      const count =
        target.length <= SHORT_READ
          ? readFileInto(file, at, target, name)
          : await readFully(file, at, target, name);
      return target.subarray(0, count);
    },
    close: () => shared.close(),
  };
}

/** A file that stays open until its source is closed and nobody holds it. */
function sharedFile(descriptor: number): OpenFile & { close(): Promise<void> } {
  let holders = 1;
  const letGo = async (): Promise<void> => {
    if (--holders === 0) await close(descriptor);
  };
  const once = (): (() => Promise<void>) => {
    let open = true;
    return async () => {
      if (open) {
        open = false;
        await letGo();
      }
    };
  };
  return {
    descriptor,
    hold() {
      holders++;
      const release = once();
      return () => void release();
    },
    close: once(),
  };
}

/** Reads until `target` is full or the file ends: one read may give less than it was asked for. */
async function readFully(file: number, at: number, target: Uint8Array, name: string): Promise<number> {
  let count = 0;
  while (count < target.length) {
    const got = await new Promise<number>((resolve, reject) => {
      readFile(file, target, count, target.length - count, at + count, (error, bytes) => {
        if (error === null) resolve(bytes);
        else reject(fileRefusal(error, name));
      });
    });
    if (got === 0) break;
    count += got;
  }
  return count;
}
