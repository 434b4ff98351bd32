import { fileURLToPath } from "node:url";
import { buildWasm } from "@lossflow/wasm-build";
import { writeTables } from "./write-tables.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
writeTables(`${root}/assembly/tables.generated.ts`);
await buildWasm(root, ["--importMemory", "--initialMemory=1"], true);
