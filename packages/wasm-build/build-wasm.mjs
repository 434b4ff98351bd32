import { writeFileSync } from "node:fs";
import { createMemoryStream, main } from "assemblyscript/asc";
import { lowerSimd } from "./lower-simd.mjs";

/**
 * Compiles `assembly/index.ts` below `root` with SIMD and writes it as `src/wasm.generated.ts`, so that every bundler
 * takes it as it takes any module. With `scalar` the same module without vectors is written beside it, as
 * `src/scalar-wasm.generated.ts`.
 * @param {string} root the package's folder
 * @param {readonly string[]} options more of the compiler's options
 * @param {boolean} scalar
 */
export async function buildWasm(root, options, scalar = false) {
  let binary;
  const messages = createMemoryStream();
  const { error } = await main(
    [
      "assembly/index.ts",
      "--outFile=module.wasm",
      "-O3",
      "--converge",
      "--noAssert",
      "--runtime=stub",
      "--enable=simd",
      "--use=abort=",
      ...options,
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
  write(`${root}/src/wasm.generated.ts`, "WASM_BASE64", binary);
  console.log(`assembly/ is ${binary.length} bytes of WebAssembly.`);
  if (!scalar) return;
  const lowered = lowerSimd(binary);
  write(`${root}/src/scalar-wasm.generated.ts`, "SCALAR_WASM_BASE64", lowered);
  console.log(`Without vectors it is ${lowered.length} bytes.`);
}

function write(path, name, binary) {
  const text = Buffer.from(binary).toString("base64");
  writeFileSync(path, `// Written from assembly/.\nexport const ${name}: string =\n  "${text}";\n`);
}
