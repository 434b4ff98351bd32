import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createMemoryStream, main } from "assemblyscript/asc";
import { writeTables } from "./write-tables.mjs";

/* Compiles assembly/ and writes it as src/wasm.generated.ts, so that every bundler takes it as it takes any module. */

const root = fileURLToPath(new URL("..", import.meta.url));
mkdirSync(`${root}/dist`, { recursive: true });
writeTables(`${root}/assembly/tables.generated.ts`);

let binary;
const messages = createMemoryStream();
const { error } = await main(
  [
    "assembly/index.ts",
    "--outFile=dist/kernels.wasm",
    "-O3",
    "--converge",
    "--noAssert",
    "--runtime=stub",
    "--enable=simd",
    "--importMemory",
    "--initialMemory=1",
    "--use=abort=",
  ],
  {
    baseDir: root,
    stderr: messages,
    writeFile(_, contents) {
      binary = contents;
    },
  },
);
if (error !== null) throw new Error(`assembly/ does not compile: ${error.message}\n${messages.toString()}`);

const text = Buffer.from(binary).toString("base64");
writeFileSync(
  `${root}/src/wasm.generated.ts`,
  `// Written by scripts/build-wasm.mjs.\nexport const WASM_BASE64: string =\n  "${text}";\n`,
);
console.log(`assembly/ is ${binary.length} bytes of WebAssembly.`);
