import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ChartCard } from "../chart/chart-card.tsx";
import type { MetricGroup } from "../state/metric-groups.ts";
import type { Settings } from "../state/settings.ts";

/** CSS pixels: the least width of a card, the gap between cards, the height of a card and of the plot in it. */
const CARD_WIDTH = 400;
const GAP = 12;
const PLOT_HEIGHT = 220;
/** Name, legend and notes. */
const FRAME_HEIGHT = 162;
const FRAME_WIDTH = 26;
/** Rows drawn beyond those in view. */
const SPARE = 1;

/** The charts of all metrics; only those in view exist, however many there are. */
export function ChartGrid(props: {
  readonly groups: readonly MetricGroup[];
  readonly settings: Settings;
}): JSX.Element {
  const { groups, settings } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0, top: 0 });
  useLayoutEffect(() => {
    const element = scroller.current!;
    const look = (): void => {
      const { clientWidth: width, clientHeight: height, scrollTop: top } = element;
      setBox((box) =>
        box.width === width && box.height === height && box.top === top ? box : { width, height, top },
      );
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  const enlarged = groups.find(({ name }) => name === settings.enlarged);
  const all = enlarged === undefined ? groups : [enlarged];
  const columns = Math.max(1, Math.min(all.length, Math.floor((box.width - GAP) / (CARD_WIDTH + GAP))));
  const width = Math.floor((box.width - GAP) / columns) - GAP;
  const plotHeight =
    enlarged === undefined ? PLOT_HEIGHT : Math.max(PLOT_HEIGHT, box.height - FRAME_HEIGHT - 2 * GAP);
  const height = plotHeight + FRAME_HEIGHT;
  const rows = Math.ceil(all.length / columns);
  const firstRow = Math.max(0, Math.floor(box.top / (height + GAP)) - SPARE);
  const lastRow = Math.min(rows - 1, Math.floor((box.top + box.height) / (height + GAP)) + SPARE);
  const shown = box.width === 0 ? [] : all.slice(firstRow * columns, (lastRow + 1) * columns);
  const size = { width: width - FRAME_WIDTH, height: plotHeight };

  return (
    <div class="scroller" ref={scroller} tabIndex={-1}>
      <div class="grid" style={{ height: `${rows * (height + GAP) + GAP}px` }}>
        {shown.map((group, i) => {
          const k = firstRow * columns + i;
          const left = GAP + (k % columns) * (width + GAP);
          const top = GAP + Math.floor(k / columns) * (height + GAP);
          const place = {
            width: `${width}px`,
            height: `${height}px`,
            transform: `translate(${left}px, ${top}px)`,
          };
          return (
            <div class="place" style={place} key={group.name}>
              <ChartCard group={group} settings={settings} size={size} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
