import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { lossflow } from "./lossflow.ts";

const README = fileURLToPath(new URL("../../README.md", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

/** The commands of a block, each followed by what it prints. */
async function consoleText(block: string): Promise<string> {
  let text = "";
  for (const line of block.split("\n").filter((line) => line.startsWith("$ lossflow "))) {
    const { stdout, stderr } = await lossflow(line.slice("$ lossflow ".length).split(" "), "", FIXTURES);
    // CSV ends its lines with CRLF, which a page does not keep.
    text += `${line}\n${stdout.replaceAll("\r\n", "\n")}${stderr}`;
  }
  return text;
}

/** How long it took, and by how many, is another matter on each machine. */
function settled(text: string): string {
  return text.replaceAll(/ in [\d.]+ s by \d+ workers?,/g, " in SECONDS,");
}

// LOSSFLOW_README=1 writes the page anew.
test("each command of the README prints what the page says", async () => {
  const page = readFileSync(README, "utf8");
  const blocks = [...page.matchAll(BLOCK)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThan(4);
  const printed = await Promise.all(blocks.map(consoleText));
  if (process.env["LOSSFLOW_README"] === "1") {
    let i = 0;
    writeFileSync(
      README,
      page.replaceAll(BLOCK, () => `\`\`\`console\n${printed[i++]!}\`\`\``),
    );
    return;
  }
  expect(blocks.map(settled)).toEqual(printed.map(settled));
}, 30_000);
