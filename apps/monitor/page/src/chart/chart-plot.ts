import uPlot from "uplot";
import { formatNumber } from "../../../src/format/number-text.ts";
import { formatTick } from "../text/x-text.ts";
import { logTicks } from "./log-ticks.ts";
import { paintEvents } from "./paint-events.ts";
import { paintLines, scalesOf } from "./paint-lines.ts";
import type { Picture, PlacedEvent, Range } from "./picture.ts";
import type { ChartTheme } from "./theme.ts";
import { yRangeOf } from "./y-range.ts";

/** What a chart tells of the pointer. */
export interface ChartEvents {
  /** A stretch was chosen, or moved to; null for all of it. */
  readonly zoom: (range: Range | null) => void;
  /** The pointer stands over the lines, in values of the axes and in CSS pixels of the plot; null where it left. */
  readonly point: (at: PointedAt | null) => void;
}

/** Where the pointer stands. */
export interface PointedAt {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Everything a chart shows. */
export interface ChartScene {
  readonly picture: Picture;
  readonly events: readonly PlacedEvent[];
  readonly view: Range;
  /** The stretch that there is, which a chart is not moved out of. */
  readonly whole: Range;
  readonly log: boolean;
  readonly theme: ChartTheme;
  readonly pointedAt: string | null;
}

const FONT = "11px system-ui, sans-serif";
/** CSS pixels above the lines for the signs of events. */
const STRIP = 16;
/** Milliseconds after the last movement before the columns are asked for anew. */
const SETTLE = 140;
/** How strong the lines are beside the one that is pointed at. */
const ASIDE = 0.2;

/**
 * Draws one chart: uPlot has the axes and the pointer, the lines are painted once to a layer of their own. While the
 * chart is moved only the layer is shifted, so a frame costs the same for one run and for a hundred.
 */
export class ChartPlot {
  readonly #events: ChartEvents;
  readonly #host: HTMLElement;
  readonly #layer: HTMLCanvasElement = document.createElement("canvas");
  #plot: uPlot | null = null;
  #scene: ChartScene;
  #view: Range;
  #yRange: Range = [0, 1];
  #settling: ReturnType<typeof setTimeout> | null = null;
  #stale = true;

  constructor(
    host: HTMLElement,
    scene: ChartScene,
    size: { width: number; height: number },
    events: ChartEvents,
  ) {
    this.#host = host;
    this.#scene = scene;
    this.#view = scene.view;
    this.#events = events;
    this.#create(size.width, size.height);
    host.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
  }

  /** Shows something else. */
  show(scene: ChartScene): void {
    const remake = scene.log !== this.#scene.log || scene.picture.axis !== this.#scene.picture.axis;
    const isPainted = scene.picture === this.#scene.picture && scene.theme === this.#scene.theme;
    this.#scene = scene;
    if (this.#settling === null) this.#view = scene.view;
    // Another view or another line that is pointed at changes nothing of the layer.
    if (!isPainted) this.#stale = true;
    const plot = this.#plot!;
    if (remake) {
      plot.destroy();
      this.#create(plot.width, plot.height);
      return;
    }
    this.#redraw();
  }

  resize(width: number, height: number): void {
    this.#stale = true;
    this.#plot?.setSize({ width, height });
  }

  /** Moves the view by a share of its width. */
  move(share: number): void {
    this.#shift((this.#view[1] - this.#view[0]) * share);
  }

  /** Makes the view `factor` times as wide, around a place given as a share of its width. */
  scale(factor: number, around = 0.5): void {
    const [from, to] = this.#view;
    const [first, last] = this.#scene.whole;
    const width = Math.min((to - from) * factor, last - first);
    const centre = from + (to - from) * around;
    const start = Math.max(first, Math.min(last - width, centre - width * around));
    this.#go([start, start + width]);
  }

  /** What the plot looks like now, on its ground. */
  toCanvas(ground: string): HTMLCanvasElement {
    const { canvas } = this.#plot!.ctx;
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext("2d")!;
    context.fillStyle = ground;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
    return copy;
  }

  destroy(): void {
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #create(width: number, height: number): void {
    const { log, picture } = this.#scene;
    // An axis that was linear may begin below 0, where a logarithm would never come to an end.
    this.#yRange = yRangeOf(picture, this.#view, log);
    const axis = {
      stroke: () => this.#scene.theme.text,
      font: FONT,
      grid: { stroke: () => this.#scene.theme.grid, width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        padding: [STRIP, 10, 0, 0],
        scales: {
          x: { time: false, range: () => [...widened(this.#view)] as [number, number] },
          // uPlot's enumeration exists in its types alone.
          // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
          y: { distr: log ? 3 : 1, range: () => [...this.#yRange] as [number, number] },
        },
        series: [{}, { show: true, stroke: "transparent", paths: () => null, points: { show: false } }],
        axes: [
          {
            ...axis,
            size: 26,
            space: 90,
            values: (_u, splits) => splits.map((x) => formatTick(picture.axis, x)),
          },
          {
            ...axis,
            size: 58,
            space: 34,
            ...(log
              ? { splits: (_u: uPlot, _axis: number, low: number, high: number) => logTicks(low, high) }
              : {}),
            values: (_u, splits) => splits.map((y) => (y === null ? "" : formatNumber(y, 4))),
          },
        ],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: 4 },
          bind: {
            mousedown: (_u, _target, handler) => (event: MouseEvent) => {
              if (event.shiftKey) this.#drag(event);
              else handler(event);
              return null;
            },
            dblclick: () => () => {
              this.#events.zoom(null);
              return null;
            },
          },
        },
        hooks: {
          draw: [() => this.#paint()],
          setCursor: [() => this.#tellPointer()],
          setSelect: [() => this.#choose()],
        },
      },
      [
        [0, 1],
        [0, 1],
      ],
      this.#host,
    );
    this.#redraw();
  }

  #redraw(): void {
    if (this.#stale) this.#yRange = yRangeOf(this.#scene.picture, this.#view, this.#scene.log);
    const [min, max] = widened(this.#view);
    this.#plot?.batch(() => {
      this.#plot?.setScale("x", { min, max });
      this.#plot?.setScale("y", { min: this.#yRange[0], max: this.#yRange[1] });
    });
    this.#plot?.redraw(false, true);
  }

  /** Puts the layer where the view is; paints it anew only where the lines have changed. */
  #paint(): void {
    const plot = this.#plot;
    if (plot === null) return;
    const { left, top, width, height } = plot.bbox;
    const { picture, events, theme, log, pointedAt } = this.#scene;
    const [from, to] = widened(this.#view);
    const perX = width / (to - from);
    const loaded = picture.loaded[0] === picture.loaded[1] ? ([from, to] as const) : picture.loaded;
    if (this.#stale) this.#paintLayer(loaded, Math.round((loaded[1] - loaded[0]) * perX), height);
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top - STRIP * ratio, width, height + STRIP * ratio);
    ctx.clip();
    const at = left + (loaded[0] - from) * perX;
    const pointed = picture.lines.filter((line) => line.of.run.head.id === pointedAt);
    ctx.globalAlpha = pointed.length > 0 ? ASIDE : 1;
    ctx.drawImage(this.#layer, at, top, (loaded[1] - loaded[0]) * perX, height);
    ctx.globalAlpha = 1;
    if (pointed.length > 0) {
      const size = { width: (loaded[1] - loaded[0]) * perX, height, ratio };
      ctx.translate(at, top);
      paintLines(ctx, pointed, scalesOf(loaded, this.#yRange, size, log));
      ctx.translate(-at, -top);
    }
    const place = { x: (x: number) => left + (x - from) * perX, top, bottom: top + height, ratio };
    paintEvents(ctx, events, place, theme.tones);
    ctx.restore();
  }

  #paintLayer(loaded: Range, width: number, height: number): void {
    const { picture, log } = this.#scene;
    this.#layer.width = Math.max(1, Math.min(16_384, width));
    this.#layer.height = Math.max(1, height);
    const size = { width: this.#layer.width, height, ratio: devicePixelRatio };
    const context = this.#layer.getContext("2d")!;
    paintLines(context, picture.lines, scalesOf(loaded, this.#yRange, size, log));
    this.#stale = false;
  }

  #tellPointer(): void {
    const plot = this.#plot;
    if (plot === null || this.#settling !== null) return;
    const { left = -1, top = -1 } = plot.cursor;
    if (left < 0 || top < 0) return this.#events.point(null);
    const place = { left: left + plot.bbox.left / devicePixelRatio, top: top + STRIP };
    this.#events.point({
      x: plot.posToVal(left, "x"),
      y: plot.posToVal(top, "y"),
      ...place,
      width: plot.width,
    });
  }

  #choose(): void {
    const plot = this.#plot!;
    const { left, width } = plot.select;
    if (width < 4) return;
    const range: Range = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#events.zoom(range);
  }

  #onWheel(event: WheelEvent): void {
    const { left = 0 } = this.#plot!.cursor;
    const width = this.#plot!.bbox.width / devicePixelRatio;
    if (event.ctrlKey || event.metaKey)
      this.scale(1.0025 ** event.deltaY, Math.max(0, Math.min(1, left / width)));
    else {
      const pixels = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (pixels === 0) return;
      this.move(pixels / width);
    }
    event.preventDefault();
  }

  /** Moves the view with the pointer until the button is let go. */
  #drag(start: MouseEvent): void {
    const width = this.#plot!.bbox.width / devicePixelRatio;
    let { clientX } = start;
    const move = (event: MouseEvent): void => {
      this.move((clientX - event.clientX) / width);
      clientX = event.clientX;
    };
    const end = (): void => {
      removeEventListener("mousemove", move);
      removeEventListener("mouseup", end);
    };
    addEventListener("mousemove", move);
    addEventListener("mouseup", end);
    start.preventDefault();
  }

  #shift(by: number): void {
    const [from, to] = this.#view;
    const [first, last] = this.#scene.whole;
    const held = Math.max(first - from, Math.min(last - to, by));
    this.#go([from + held, to + held]);
  }

  #go(view: Range): void {
    if (view[0] === this.#view[0] && view[1] === this.#view[1]) return;
    // Until the columns of the new view come the layer is shifted and stretched.
    this.#view = view;
    this.#redraw();
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = null;
      const [first, last] = this.#scene.whole;
      const isWhole = this.#view[0] <= first && this.#view[1] >= last;
      this.#events.zoom(isWhole ? null : this.#view);
    }, SETTLE);
  }
}

/** A view of one place has a width all the same. */
function widened([from, to]: Range): Range {
  return from < to ? [from, to] : [from - 0.5, to + 0.5];
}
