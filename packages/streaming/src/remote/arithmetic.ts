import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { kernelBytes } from "@lossflow/kernels";
import type { Engine } from "../fold/engine.ts";

/**
 * Names whose arithmetic an engine is here, for people and for comparing: its version, and of kernels the beginning of
 * the SHA-256 of their module. Where two machines have the same name they give the same bits.
 */
export function arithmeticOf(engine: Engine): string {
  const { version } = createRequire(import.meta.url)("@lossflow/streaming/package.json") as {
    readonly version: string;
  };
  if (engine === "js") return `js ${version}`;
  const digest = createHash("sha256").update(kernelBytes()).digest("hex").slice(0, 8);
  return `${engine} ${version} (kernels ${digest})`;
}
