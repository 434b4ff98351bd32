import type { JSX } from "preact";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
import { Swatch } from "../parts/swatch.tsx";
import type { Axis } from "../../../src/plot/axis.ts";
import { label } from "../text/label.ts";
import { formatX } from "../../../src/format/axis-text.ts";
import type { PointedAt } from "./chart-plot.ts";
import { signOf } from "./paint-events.ts";
import { type Picture, type PlacedEvent, type Range, shapeOf } from "./picture.ts";
import { formatReading } from "./reading-text.ts";
import type { Reading } from "./readings.ts";

/** Runs and events told of at most. */
const READ = 5;
const TOLD = 4;
/** How near an event must be, in CSS pixels. */
const NEAR = 8;

/** Says what stands where the pointer is: values, or means with numerator and denominator, and events. */
export function ChartTip(props: {
  readonly at: PointedAt;
  readonly readings: readonly Reading[];
  readonly events: readonly PlacedEvent[];
  readonly picture: Picture;
  readonly view: Range;
  readonly smoothing: number | null;
}): JSX.Element | null {
  const { at, readings, picture, view, smoothing } = props;
  const shape = shapeOf(picture.logX);
  const reach = (NEAR * (shape(view[1]) - shape(view[0]))) / at.width;
  const events = props.events.filter(({ x }) => Math.abs(shape(x) - shape(at.x)) <= reach);
  if (readings.length === 0 && events.length === 0) return null;
  const isRight = at.left > at.width / 2;
  // It stays on its card, beside the pointer.
  const room = Math.max(150, isRight ? at.left - 8 : at.width - at.left - 24);
  const maxWidth = `${Math.min(350, room)}px`;
  const place = isRight ? { right: `${at.width - at.left + 14}px` } : { left: `${at.left + 14}px` };
  return (
    <div class="tip" style={{ ...place, maxWidth, top: `${at.top}px` }}>
      <p class="where">
        {formatX(picture.axis, roundedX(picture.axis, at.x, view))}
        {smoothing !== null && ` · smooth: ${SMOOTHINGS[smoothing]!.label}`}
      </p>
      <ul>
        {readings.slice(0, READ).map((reading, k) => (
          <li key={`${reading.line.of.run.head.id} ${reading.line.of.metric.id}`}>
            <Swatch {...reading.line.style} />
            <span class="name">{label(reading.line.of.run.head.name)}</span>
            <span class="figure">
              {formatReading(reading, picture.axis, k === 0)}
              {reading.smoothed !== null && ` · smooth ${formatNumber(reading.smoothed)}`}
            </span>
          </li>
        ))}
      </ul>
      {readings.length > READ && <p class="more">and {formatCount(readings.length - READ)} more lines</p>}
      {events.slice(0, TOLD).map(({ event, run }) => (
        <p class="event" key={`${run} ${event.kind} ${event.step}`}>
          <b>
            {signOf(event.kind)} {event.kind}
          </b>{" "}
          {label(event.message)}
        </p>
      ))}
    </div>
  );
}

/** Between steps there is nothing: a whole one is nearest. */
function roundedX(axis: Axis, x: number, [from, to]: Range): number {
  return axis === "step" && to - from > 10 ? Math.round(x) : x;
}
