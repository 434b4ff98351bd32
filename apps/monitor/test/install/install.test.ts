import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeBlocksFromMarkdown } from "./code-blocks-from-markdown.ts";

// What a user gets: the tarballs of all packages, installed by npm into an empty project; the programs of the
// READMEs and of docs/ compiled against them (libraries' types checked too) and run there.

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const run = promisify(execFile);
const shell = process.platform === "win32";
const consumer = mkdtempSync(join(tmpdir(), "lossflow-install-"));

const pages = [
  "README.md",
  ...["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].filter((page) => existsSync(join(root, page)));

const programs = pages.flatMap((page) =>
  codeBlocksFromMarkdown(readFileSync(join(root, page), "utf8")).map((block, i) => ({
    ...block,
    where: `${page}:${block.line}`,
    name: `${page.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}-${i}`,
  })),
);

beforeAll(async () => {
  const tarballs = join(consumer, "tarballs");
  mkdirSync(tarballs);
  const pack = `pnpm -r --filter "./packages/*" --filter lossflow pack --pack-destination "${tarballs}"`;
  await run("npx", ["--yes", "-p", "pnpm@12.21.0", "-c", shell ? `"${pack}"` : pack], { cwd: root, shell });

  writeFileSync(
    join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", type: "module", private: true }),
  );
  const files = readdirSync(tarballs).map((name) => `./tarballs/${name}`);
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], {
    cwd: consumer,
    shell,
  });

  mkdirSync(join(consumer, "src"));
  for (const program of programs) writeFileSync(join(consumer, "src", `${program.name}.ts`), program.code);
  writeFileSync(
    join(consumer, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
        module: "nodenext",
        strict: true,
        skipLibCheck: false,
        outDir: "out",
        rootDir: "src",
        types: ["node"],
        typeRoots: [join(root, "node_modules/@types")],
      },
      include: ["src"],
    }),
  );
}, 180_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

test(
  "the programs compile against the installed packages, their types checked too",
  { timeout: 60_000 },
  async () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await run(process.execPath, [compiler, "-p", consumer]).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe("");
  },
);

describe("each program runs and prints what its page says", () => {
  test.each(programs)("$where", { timeout: 60_000 }, async ({ name, prints }) => {
    const { stdout } = await run(process.execPath, [join(consumer, "out", `${name}.js`)], { cwd: consumer });
    if (prints !== undefined) expect(stdout).toBe(prints);
  });
});

test("the installed command answers", { timeout: 30_000 }, async () => {
  const { stdout } = await run("npx", ["--no-install", "lossflow", "--help"], { cwd: consumer, shell });
  expect(stdout).toContain("summary");
});
