import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["/", "search"],
  ["1 2 3", "charts, compare, events"],
  ["s", "next smoothing"],
  ["x", "next x axis"],
  ["l", "log y on and off"],
  ["t", "dark and light"],
  ["0, Esc", "all of the x axis, all charts"],
  ["Tab", "next chart; then ← → move it, + − zoom"],
  ["?", "this help"],
];

/** Keys, and what can be done with the pointer. */
export function Help({ close }: { readonly close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>
        Drag over a chart to zoom all charts to that stretch; double-click to see all again. Shift and drag,
        or a sideways wheel, moves it; Ctrl and the wheel zooms. Drop a log on the page to look at it: it is
        read here and goes nowhere.
      </p>
      <p>
        Every pixel column keeps its smallest and its largest value, so no spike is lost however many points
        there are. × marks what is not finite. Smooth lines are formed from all points, never across a NaN or
        a resume, and the raw line stays behind them.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
