import type { EventKind } from "@lossflow/logs";
import type { PlacedEvent } from "./picture.ts";

/** How an event is drawn: a letter or sign of its own, so that nothing hangs on colour. */
interface MarkLook {
  readonly sign: string;
  readonly tone: "grave" | "warning" | "quiet";
  /** Whether a line leads down through the chart. */
  readonly line: boolean;
}

const LOOKS: Readonly<Partial<Record<EventKind, MarkLook>>> = {
  nan: { sign: "NaN", tone: "grave", line: true },
  inf: { sign: "∞", tone: "grave", line: true },
  divergence: { sign: "↗", tone: "grave", line: true },
  spike: { sign: "▲", tone: "warning", line: false },
  plateau: { sign: "▬", tone: "warning", line: false },
  stall: { sign: "‖", tone: "warning", line: false },
  overflow: { sign: "!", tone: "warning", line: false },
  skipped: { sign: "!", tone: "warning", line: false },
  missing: { sign: "?", tone: "warning", line: false },
  traceback: { sign: "✖", tone: "grave", line: true },
  oom: { sign: "✖", tone: "grave", line: true },
  signal: { sign: "✖", tone: "grave", line: true },
  resume: { sign: "↻", tone: "quiet", line: true },
  rewrite: { sign: "↻", tone: "quiet", line: true },
};

/** Colours of event marks on the ground at hand. */
export type MarkTones = Readonly<Record<MarkLook["tone"], string>>;

/** Tells whether events of a kind stand on charts. */
export function isMarked(kind: EventKind): boolean {
  return LOOKS[kind] !== undefined;
}

/** The sign of a kind of event, empty where it has none. */
export function signOf(kind: EventKind): string {
  return LOOKS[kind]?.sign ?? "";
}

/** Draws events into the strip above the lines; one sign where several share a place. */
export function paintEvents(
  context: CanvasRenderingContext2D,
  events: readonly PlacedEvent[],
  place: {
    readonly x: (value: number) => number;
    readonly top: number;
    readonly bottom: number;
    readonly ratio: number;
  },
  tones: MarkTones,
): void {
  const { x, top, bottom, ratio } = place;
  context.font = `600 ${10 * ratio}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  let end = Number.NEGATIVE_INFINITY;
  const placed = events
    .map((event) => ({ look: LOOKS[event.event.kind], at: x(event.x) }))
    .sort((a, b) => a.at - b.at);
  for (const { look, at } of placed) {
    if (look === undefined) continue;
    context.fillStyle = context.strokeStyle = tones[look.tone];
    if (look.line) {
      context.globalAlpha = 0.5;
      context.lineWidth = ratio;
      context.setLineDash([3 * ratio, 3 * ratio]);
      context.beginPath();
      context.moveTo(at, top);
      context.lineTo(at, bottom);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
    const half = context.measureText(look.sign).width / 2;
    if (at - half < end) continue;
    context.fillText(look.sign, at, top - 2 * ratio);
    end = at + half + 2 * ratio;
  }
}
