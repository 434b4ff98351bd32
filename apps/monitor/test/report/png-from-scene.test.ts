import { crc32, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { chartScene } from "../../src/report/chart-scene.ts";
import { pngFromScene } from "../../src/report/png-from-scene.ts";
import { strokesOfText } from "../../src/report/stroke-font.ts";
import { runFromText } from "../server/board-from-text.ts";

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of a pixel. */
  readonly pixel: (x: number, y: number) => readonly number[];
}

/** Reads a PNG whose rows have no filter, and checks its checksums. */
function pictureFrom(png: Buffer): Picture {
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString("latin1", 0, 4), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
  const width = chunks.get("IHDR")!.readUInt32BE(0);
  const height = chunks.get("IHDR")!.readUInt32BE(4);
  const rows = inflateSync(chunks.get("IDAT")!);
  expect(rows.length).toBe((3 * width + 1) * height);
  const pixel = (x: number, y: number): readonly number[] => [
    ...rows.subarray(y * (3 * width + 1) + 1 + 3 * x, y * (3 * width + 1) + 4 + 3 * x),
  ];
  return { width, height, pixel };
}

test("a spike of one step among 20,000 reaches the top of the picture", () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, step) => `{"step":${step},"loss":${step === 12_345 ? 9 : 1}}\n`,
  );
  const { width, height, pixel } = pictureFrom(
    pngFromScene(chartScene([runFromText("a", lines.join(""))], "loss")),
  );
  const blue: [x: number, y: number][] = [];
  for (let y = 88; y < 880; y++)
    for (let x = 144; x < width; x++) if (pixel(x, y).join() === "0,114,178") blue.push([x, y]);
  expect(height).toBeGreaterThan(960);
  const top = Math.min(...blue.map(([, y]) => y));
  const plot = 2 * (480 - 44 - 40);
  expect(top - 88).toBeLessThan(plot * 0.06);
  // It stands where its step is.
  const at = blue.filter(([, y]) => y === top).map(([x]) => x);
  expect(Math.abs(at[0]! - (144 + (12_345 / 19_999) * (width - 176)))).toBeLessThan(4);
});

test("every printable ASCII character has strokes of its own, and any other stands as a box", () => {
  const seen = new Map<string, string>();
  const box = JSON.stringify(strokesOfText("漢", 10).strokes);
  for (let code = 33; code < 127; code++) {
    const char = String.fromCharCode(code);
    const strokes = JSON.stringify(strokesOfText(char, 10).strokes);
    expect(strokes).not.toBe(box);
    expect(seen.get(strokes)).toBeUndefined();
    seen.set(strokes, char);
  }
  expect(strokesOfText("é", 10)).toEqual(strokesOfText("e", 10));
  expect(strokesOfText("__proto__", 10).width).toBeGreaterThan(0);
  expect(strokesOfText("", 10)).toEqual({ strokes: [], width: 0 });
});
