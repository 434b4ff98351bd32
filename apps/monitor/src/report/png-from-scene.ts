import { crc32, deflateSync } from "node:zlib";
import type { ChartScene, ScenePoint, SceneShape } from "./chart-scene.ts";
import { strokesOfText } from "./stroke-font.ts";

/** Pixels of the picture for one of the scene. */
const SCALE = 2;
/** How thick the strokes of text are, as a share of its size. */
const PEN = 0.085;
const BOLD_PEN = 0.13;

/** Paints a chart as a PNG picture, twice as many pixels either way as an SVG of it has. Needs no font and no library. */
export function pngFromScene({ width, height, shapes }: ChartScene): Buffer {
  const raster = new Raster(Math.round(width * SCALE), Math.round(height * SCALE));
  for (const shape of shapes) {
    if (shape.kind === "text") paintText(raster, shape);
    else raster.paint(shape.lines, shape.width, shape.colour, shape.opacity);
  }
  return raster.png();
}

function paintText(raster: Raster, shape: SceneShape & { kind: "text" }): void {
  const { at, anchor, size, isBold, colour, text } = shape;
  const { strokes, width } = strokesOfText(text, size);
  const left = at[0] - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
  const placed = strokes.map((stroke) => stroke.map(([x, y]): ScenePoint => [left + x, at[1] + y]));
  raster.paint(placed, size * (isBold ? BOLD_PEN : PEN), colour, 1);
}

/** A picture of 24-bit pixels, white at first. */
class Raster {
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Uint8Array;
  /** How much of each pixel the lines at hand cover: where they cross they are no darker. */
  readonly #cover: Float32Array;
  /** The rows that they touch. */
  #top = Infinity;
  #bottom = -1;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#pixels = new Uint8Array(3 * width * height).fill(255);
    this.#cover = new Float32Array(width * height);
  }

  /** Paints lines with round ends and joins, smooth at their edges. */
  paint(lines: readonly (readonly ScenePoint[])[], width: number, colour: string, opacity: number): void {
    const half = (width * SCALE) / 2;
    for (const line of lines) {
      for (let k = 0; k < line.length; k++) {
        // A line of one point is a dot.
        if (k === 0 && line.length > 1) continue;
        this.#touch(line[Math.max(0, k - 1)]!, line[k]!, half);
      }
    }
    this.#blend(Number.parseInt(colour.slice(1), 16), opacity);
  }

  /** Notes what a piece of a line covers of each pixel: by the distance of the pixel's middle from it. */
  #touch(a: ScenePoint, b: ScenePoint, half: number): void {
    const [ax, ay] = [a[0] * SCALE, a[1] * SCALE];
    const [dx, dy] = [b[0] * SCALE - ax, b[1] * SCALE - ay];
    const square = dx * dx + dy * dy;
    const reach = half + 1;
    const top = Math.max(0, Math.floor(Math.min(ay, ay + dy) - reach));
    const bottom = Math.min(this.#height - 1, Math.ceil(Math.max(ay, ay + dy) + reach));
    const left = Math.max(0, Math.floor(Math.min(ax, ax + dx) - reach));
    const right = Math.min(this.#width - 1, Math.ceil(Math.max(ax, ax + dx) + reach));
    this.#top = Math.min(this.#top, top);
    this.#bottom = Math.max(this.#bottom, bottom);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const px = x + 0.5 - ax;
        const py = y + 0.5 - ay;
        const along = square === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / square));
        const cover = Math.min(1, half + 0.5 - Math.hypot(px - along * dx, py - along * dy));
        const at = y * this.#width + x;
        if (cover > this.#cover[at]!) this.#cover[at] = cover;
      }
    }
  }

  #blend(colour: number, opacity: number): void {
    const channels = [colour >> 16, (colour >> 8) & 255, colour & 255] as const;
    const from = Math.min(this.#top, this.#height) * this.#width;
    const end = (this.#bottom + 1) * this.#width;
    for (let at = from; at < end; at++) {
      const cover = this.#cover[at]! * opacity;
      if (cover <= 0) continue;
      for (let c = 0; c < 3; c++) {
        const before = this.#pixels[3 * at + c]!;
        this.#pixels[3 * at + c] = Math.round(before + (channels[c]! - before) * cover);
      }
    }
    if (from < end) this.#cover.fill(0, from, end);
    this.#top = Infinity;
    this.#bottom = -1;
  }

  /** The picture as a PNG file (W3C, Portable Network Graphics, third edition). */
  png(): Buffer {
    const row = 3 * this.#width;
    // Each row begins with its filter: none.
    const rows = Buffer.alloc((row + 1) * this.#height);
    for (let y = 0; y < this.#height; y++)
      rows.set(this.#pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.#width, 0);
    header.writeUInt32BE(this.#height, 4);
    // 8 bits of red, green and blue each.
    header.set([8, 2, 0, 0, 0], 8);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(rows)),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
