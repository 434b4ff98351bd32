import uPlot from "uplot";
import { formatNumber } from "../../../src/format/number-text.ts";
import { formatAmount, formatTick } from "../../../src/format/axis-text.ts";
import type { YScale } from "../../../src/plot/y-scale.ts";
import { logTicks, symlogTicks } from "./log-ticks.ts";
import { paintEvents } from "./paint-events.ts";
import { paintBand, paintLines, scalesOf } from "./paint-lines.ts";
import { type Picture, type PlacedEvent, placeOf, type Range, shapeOf } from "./picture.ts";
import type { ChartTheme } from "./theme.ts";
import { type YRange, yRangeOf } from "./y-range.ts";

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
  readonly scale: YScale;
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
  #y: YRange = { scale: "linear", range: [0, 1], reach: 1, isEmpty: true };
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
    const { picture } = this.#scene;
    const remake =
      scene.scale !== this.#scene.scale ||
      scene.picture.axis !== picture.axis ||
      scene.picture.logX !== picture.logX;
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
    const [from, to] = this.#shaped(this.#view);
    const [first, last] = this.#shaped(this.#scene.whole);
    const by = Math.max(first - from, Math.min(last - to, (to - from) * share));
    this.#go(this.#placed([from + by, to + by]));
  }

  /** Makes the view `factor` times as wide, around a place given as a share of its width. */
  scale(factor: number, around = 0.5): void {
    const [from, to] = this.#shaped(this.#view);
    const [first, last] = this.#shaped(this.#scene.whole);
    const width = Math.min((to - from) * factor, last - first);
    const centre = from + (to - from) * around;
    const start = Math.max(first, Math.min(last - width, centre - width * around));
    this.#go(this.#placed([start, start + width]));
  }

  destroy(): void {
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #create(width: number, height: number): void {
    const { scale, picture } = this.#scene;
    // An axis that was linear may begin below 0, where a logarithm would never come to an end.
    this.#y = yRangeOf(picture, this.#view, scale);
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
          x: {
            time: false,
            // uPlot's enumeration exists in its types alone.
            // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
            distr: picture.logX ? 3 : 1,
            range: () => [...this.#widened()] as [number, number],
          },
          y: {
            // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
            distr: scale === "log" ? 3 : scale === "symlog" ? 4 : 1,
            asinh: this.#y.reach,
            range: () => [...this.#y.range] as [number, number],
          },
        },
        series: [{}, { show: true, stroke: "transparent", paths: () => null, points: { show: false } }],
        axes: [
          {
            ...axis,
            size: 26,
            space: picture.axis === "wall" ? 150 : 90,
            ...(picture.logX
              ? {
                  splits: (_u: uPlot, _axis: number, low: number, high: number) => logTicks(low, high),
                  filter: all,
                }
              : {}),
            values: (_u, splits) => splits.map((x) => formatTick(picture.axis, x)),
          },
          {
            ...axis,
            size: 58,
            space: 34,
            ...(scale === "linear"
              ? {}
              : {
                  splits: (_u: uPlot, _axis: number, low: number, high: number) =>
                    scale === "log" ? logTicks(low, high) : symlogTicks(low, high, this.#y.reach),
                  filter: all,
                }),
            values: (_u, splits) => splits.map((y) => (y === null || this.#y.isEmpty ? "" : formatY(y))),
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
    if (this.#stale) this.#y = yRangeOf(this.#scene.picture, this.#view, this.#scene.scale);
    const [min, max] = this.#widened();
    this.#plot?.batch(() => {
      this.#plot?.setScale("x", { min, max });
      this.#plot?.setScale("y", { min: this.#y.range[0], max: this.#y.range[1] });
    });
    this.#plot?.redraw(false, true);
  }

  /** Puts the layer where the view is; paints it anew only where the lines have changed. */
  #paint(): void {
    const plot = this.#plot;
    if (plot === null) return;
    const { left, top, width, height } = plot.bbox;
    const { picture, events, theme, pointedAt } = this.#scene;
    const view = this.#widened();
    const loaded = picture.loaded[0] === picture.loaded[1] ? view : picture.loaded;
    const [from, to] = this.#shaped(view);
    const [loadedFrom, loadedTo] = this.#shaped(loaded);
    const perX = width / (to - from);
    const loadedWidth = (loadedTo - loadedFrom) * perX;
    if (this.#stale) this.#paintLayer(loaded, Math.round(loadedWidth), height);
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top - STRIP * ratio, width, height + STRIP * ratio);
    ctx.clip();
    const at = left + (loadedFrom - from) * perX;
    const pointed = picture.lines.filter((line) => line.of.run.head.id === pointedAt);
    ctx.globalAlpha = pointed.length > 0 ? ASIDE : 1;
    ctx.drawImage(this.#layer, at, top, loadedWidth, height);
    ctx.globalAlpha = 1;
    if (pointed.length > 0) {
      const size = { width: loadedWidth, height, ratio };
      ctx.translate(at, top);
      paintLines(ctx, pointed, scalesOf(loaded, this.#y, size, picture.logX));
      ctx.translate(-at, -top);
    }
    const shape = shapeOf(picture.logX);
    const place = { x: (x: number) => left + (shape(x) - from) * perX, top, bottom: top + height, ratio };
    paintEvents(ctx, events, place, theme.tones);
    ctx.restore();
  }

  #paintLayer(loaded: Range, width: number, height: number): void {
    const { picture } = this.#scene;
    this.#layer.width = Math.max(1, Math.min(16_384, width));
    this.#layer.height = Math.max(1, height);
    const size = { width: this.#layer.width, height, ratio: devicePixelRatio };
    const context = this.#layer.getContext("2d")!;
    const scales = scalesOf(loaded, this.#y, size, picture.logX);
    paintLines(context, picture.lines, scales);
    for (const band of picture.bands) paintBand(context, band, scales);
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

  #shaped([from, to]: Range): Range {
    const shape = shapeOf(this.#scene.picture.logX);
    return [shape(from), shape(to)];
  }

  #placed([from, to]: Range): Range {
    const place = placeOf(this.#scene.picture.logX);
    return [place(from), place(to)];
  }

  /** A view of one place has a width all the same. */
  #widened(): Range {
    const [from, to] = this.#view;
    if (from < to) return [from, to];
    return this.#scene.picture.logX ? [from / 2, from * 2] : [from - 0.5, to + 0.5];
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
      // A logarithm and back may miss an end by a hair.
      const hair = (last - first) * 1e-9;
      const isWhole = this.#view[0] <= first + hair && this.#view[1] >= last - hair;
      this.#events.zoom(isWhole ? null : this.#view);
    }, SETTLE);
  }
}

/** uPlot leaves out marks of logarithmic axes by rules of its own; these are few to begin with. */
function all(_plot: uPlot, splits: number[]): number[] {
  return splits;
}

/** Four digits where they fit beside the axis. */
function formatY(y: number): string {
  const text = formatNumber(y, 4);
  return text.length <= 8 ? text : formatAmount(y);
}
