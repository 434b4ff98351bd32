// Which bytes of a file its own framing vouches for: damage to them may not change what is read in silence.
import { readFooter } from "../../dist/arrow/footer.js";
import { readFrame } from "../../dist/arrow/ipc-frames.js";
import { fileMetadataFromBytes } from "../../dist/parquet/file-metadata.js";
import { pageHeaderAt } from "../../dist/parquet/page-header.js";
import { memoryBytes } from "../../dist/source/memory-bytes.js";

/**
 * @returns a function that says whether damage to a range of the bytes (null: everything has moved) must be noticed or
 *   be without effect. An Arrow file says nearly everything twice, at its place and in its footer, but the bodies' own
 *   bytes; the pages of a Parquet file have checksums; text and streams vouch for nothing.
 */
export async function vouchedBy(name, bytes) {
  if (name.endsWith(".arrow")) {
    const bodies = await arrowBodies(name, bytes);
    return (place) => place === null || !bodies.some(([from, to]) => place[0] < to && from < place[1]);
  }
  if (name.endsWith(".parquet")) {
    const pages = checkedPages(bytes);
    return (place) => place !== null && pages.some(([from, to]) => from <= place[0] && place[1] <= to);
  }
  return () => false;
}

async function arrowBodies(name, bytes) {
  const source = memoryBytes(bytes, name);
  const { blocks, start } = await readFooter(source, bytes.length);
  const bodies = [];
  for (const at of blocks.keys()) {
    const { body, message } = await readFrame(source, at, start);
    bodies.push([body, body + message.bodyLength]);
  }
  return bodies;
}

function checkedPages(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(bytes.length - 8, true);
  const start = bytes.length - 8 - length;
  const { groups } = fileMetadataFromBytes(bytes.subarray(start, start + length), start);
  const pages = [];
  for (const { chunks } of groups) {
    for (const { start, end } of chunks) {
      for (let at = start; at < end;) {
        const { header, body } = pageHeaderAt(bytes, at);
        at = body + header.compressedSize;
        if (header.checksum !== undefined) pages.push([body, at]);
      }
    }
  }
  return pages;
}
