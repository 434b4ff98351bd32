import { writeFileSync } from "node:fs";
import { createMemoryStream, main } from "assemblyscript/asc";

/**
 * Compiles `assembly/index.ts` below `root` with SIMD and writes it as `src/wasm.generated.ts`, so that every bundler
 * takes it as it takes any module.
 * @param {string} root the package's folder
 * @param {readonly string[]} options more of the compiler's options
 */
export async function buildWasm(root, options) {
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
  const text = Buffer.from(binary).toString("base64");
  writeFileSync(
    `${root}/src/wasm.generated.ts`,
    `// Written from assembly/.\nexport const WASM_BASE64: string =\n  "${text}";\n`,
  );
  console.log(`assembly/ is ${binary.length} bytes of WebAssembly.`);
}
