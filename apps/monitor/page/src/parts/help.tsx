import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["/", "search"],
  ["1 2 3", "charts, compare, events"],
  ["s", "next smoothing"],
  ["x", "next x axis"],
  ["X", "log x on and off"],
  ["l", "y linear, log, symlog"],
  ["p", "training and validation together or apart"],
  ["g", "runs by seed: apart, mean, median"],
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
        or a sideways wheel, moves it; Ctrl and the wheel zooms. Drop a log on the page to look at it, or a
        table of predictions (Arrow, Parquet, CSV, JSON lines) to see its losses: it is read here and goes
        nowhere.
      </p>
      <p>
        Every pixel column keeps its smallest and its largest value, so no spike is lost however many points
        there are. × marks what is not finite. Smooth lines are formed from all points, never across a NaN or
        a gap or a resume, and the raw line stays behind them. What a resumed run has written again is faint
        where it stood first. A gap is ten times the usual distance between steps; active time leaves out the
        pauses before resumes and those of over ten minutes that are twenty times as long as usual.
      </p>
      <p>
        Runs whose names differ by a seed alone (seed1, -s2, rep3) can be put together on a common grid: their
        mean or median, and the interval that holds 95 % of 1,000 bootstrap resamples of the runs. Of few runs
        it is too narrow.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
