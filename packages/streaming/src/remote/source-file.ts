import { open } from "node:fs/promises";
import { detectFormat, HEAD_BYTES } from "../source/detect-format.ts";

/** What planning has to know of the file of a source. */
export interface SourceFile {
  readonly size: number;
  /** Whether its rows can be said by their place. */
  readonly isReferable: boolean;
}

/** Looks at the beginning of a file. What cannot be read, or is no table, is refused when it is opened. */
export async function fileOfSource(path: string | undefined): Promise<SourceFile> {
  if (path === undefined) return { size: 0, isReferable: false };
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const { format } = detectFormat(buffer.subarray(0, bytesRead), path);
      return { size, isReferable: format === "arrow" || format === "parquet" };
    } finally {
      await file.close();
    }
  } catch {
    return { size: 0, isReferable: true };
  }
}
