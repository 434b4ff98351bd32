import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOSTILE } from "../hostile-names.ts";
import { lossflow } from "./lossflow.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lossflow-hostile-"));
  const lines = [1, 2].map(
    (step) =>
      `{"step":${step},"loss":${step},${HOSTILE.map((name, k) => `${JSON.stringify(name)}:${k + step}`).join()}}\n`,
  );
  writeFileSync(join(folder, "run.jsonl"), lines.join(""));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The cells of CSV as RFC 4180 has them. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The types of a PNG's chunks, its size and its pixels. */
function readPng(bytes: Buffer): { chunks: string[]; width: number; height: number; pixels: Buffer } {
  expect(bytes.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
  const chunks: string[] = [];
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString("latin1", at + 4, at + 8);
    chunks.push(type);
    if (type === "IDAT") data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return { chunks, width, height, pixels: inflateSync(Buffer.concat(data)) };
}

test("are cells of their own in CSV, whole, and none is a formula", async () => {
  const { exitCode } = await lossflow(["export", "run.jsonl", "-o", "points.csv"], "", folder);
  expect(exitCode).toBe(0);
  const rows = cellsOf(readFileSync(join(folder, "points.csv"), "utf8"));
  expect(rows).toHaveLength(1 + 2 * (HOSTILE.length + 1));
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([8]));
  const names = new Set(rows.slice(1).map((row) => row[1]!));
  for (const name of HOSTILE) expect(names).toContain(/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);
  for (const row of rows.slice(1)) for (const cell of row) expect(cell).not.toMatch(/^[=+@\t\r]|^-\D/);
}, 30_000);

test("are whole in JSON lines, by whatever key of an object they are called", async () => {
  const { stdout } = await lossflow(["export", "run.jsonl", "--to", "jsonl"], "", folder);
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { metric: string; value: number });
  for (const [k, name] of HOSTILE.entries())
    expect(rows.filter(({ metric }) => metric === name).map(({ value }) => value)).toEqual([k + 1, k + 2]);
}, 30_000);

test("are strokes in a PNG: no text of theirs is in the file, and the picture keeps its size", async () => {
  const sizes = new Set<string>();
  const pictures = new Set<string>();
  // One of each sort: each takes the start of the command.
  const drawn = ["<svg onload=window.hit=1>", "__proto__", "abc\u202egnp.exe", "<b>long</b>".repeat(1_000)];
  for (const [k, name] of drawn.entries()) {
    const out = `${k}.png`;
    const { exitCode, stderr } = await lossflow(
      ["report", "run.jsonl", "--out", out, "--metric", name],
      "",
      folder,
    );
    expect([exitCode, stderr]).toEqual([0, `lossflow: Wrote ${out}.\n`]);
    const bytes = readFileSync(join(folder, out));
    const { chunks, width, height, pixels } = readPng(bytes);
    expect(chunks[0]).toBe("IHDR");
    expect(new Set(chunks)).toEqual(new Set(["IHDR", "IDAT", "IEND"]));
    expect(pixels).toHaveLength(height * (3 * width + 1));
    sizes.add(`${width} x ${height}`);
    pictures.add(pixels.toString("latin1"));
    expect(bytes.includes(name.slice(0, 12))).toBe(false);
  }
  expect(sizes.size).toBe(1);
  // The name is drawn: the charts differ by more than their lines' heights would have them.
  expect(pictures.size).toBe(drawn.length);
}, 60_000);
