// Reads damaged bytes: what they hold as text, the code that they are refused with, or a fault without a code.
import { writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { isLossflowError } from "@lossflow/core";
import { fileSource } from "../../dist/source/file-source.js";
import { memoryBytes } from "../../dist/source/memory-bytes.js";
import { openTable } from "../../dist/source/open-table.js";
import { readValues } from "./read-values.mjs";

parentPort.on("message", ({ bytes, onDisk }) => {
  void outcomeOf(bytes, onDisk).then((outcome) => parentPort.postMessage(outcome));
});

async function outcomeOf(bytes, onDisk) {
  try {
    if (onDisk) writeFileSync(workerData.file, bytes);
    const table = await (onDisk
      ? fileSource(workerData.file).open()
      : openTable(memoryBytes(bytes, "table")));
    return { kind: "read", text: JSON.stringify(await readValues(table)) };
  } catch (error) {
    if (isLossflowError(error) && error.code !== "LF_INTERNAL") return { kind: "refused", text: error.code };
    return { kind: "fault", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
