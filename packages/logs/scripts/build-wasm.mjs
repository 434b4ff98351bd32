import { fileURLToPath } from "node:url";
import { buildWasm } from "@lossflow/wasm-build";

await buildWasm(fileURLToPath(new URL("..", import.meta.url)), ["--initialMemory=32"]);
