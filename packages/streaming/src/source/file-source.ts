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
import type { ByteSource } from "./byte-source.ts";
import { openTable } from "./open-table.ts";
import { streamBytes } from "./stream-bytes.ts";
import type { TableSource } from "./table-source.ts";

const open = promisify(openFile);
const close = promisify(closeFile);
const stat: (file: number) => Promise<Stats> = promisify(statFile);

/**
 * Makes a source of a file; it is opened when the job comes to it and closed when it is read.
 * @throws on opening LF_NOT_FOUND, LF_NOT_A_FILE, LF_UNREADABLE
 */
export function fileSource(path: string, name: string = path): TableSource {
  return { name, open: async () => openTable(await fileBytes(path, name)) };
}

/** Makes a source of a byte stream, such as standard input, that is read once from its beginning. */
export function streamSource(chunks: AsyncIterable<Uint8Array>, name: string): TableSource {
  return { name, open: () => openTable(streamBytes(chunks, name)) };
}

async function fileBytes(path: string, name: string): Promise<ByteSource> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw refusalOf(cause, name);
  });
  const info = await stat(file);
  // Pipes and devices have no size and no positions.
  if (!info.isFile() && !info.isDirectory()) return streamBytes(createReadStream(path, { fd: file }), name);
  if (info.isDirectory()) {
    await close(file);
    throw new LossflowError("LF_NOT_A_FILE", `${name} is a folder; give a file.`, { path: name });
  }
  const readInto = (at: number, target: Uint8Array): Promise<number> => readFully(file, at, target, name);
  return {
    name,
    size: info.size,
    readInto,
    async read(at, length) {
      const target = new Uint8Array(Math.max(0, Math.min(length, info.size - at)));
      const count = await readInto(at, target);
      return target.subarray(0, count);
    },
    close: () => close(file),
  };
}

/** Reads until `target` is full or the file ends: one read may give less than it was asked for. */
async function readFully(file: number, at: number, target: Uint8Array, name: string): Promise<number> {
  let count = 0;
  while (count < target.length) {
    const got = await new Promise<number>((resolve, reject) => {
      readFile(file, target, count, target.length - count, at + count, (error, bytes) => {
        if (error === null) resolve(bytes);
        else reject(refusalOf(error, name));
      });
    });
    if (got === 0) break;
    count += got;
  }
  return count;
}

function refusalOf(cause: unknown, name: string): LossflowError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const [ours, why] =
    code === "ENOENT" || code === "ENOTDIR"
      ? (["LF_NOT_FOUND", "is not there; check the path."] as const)
      : code === "EISDIR"
        ? (["LF_NOT_A_FILE", "is a folder; give a file."] as const)
        : ([
            "LF_UNREADABLE",
            `cannot be read (${code === "" ? String(cause) : code}); check its permissions.`,
          ] as const);
  return new LossflowError(ours, `${name} ${why}`, { path: name }, { cause });
}
