import type { JSX, RefObject } from "preact";
import { AXES, type Axis, isAxis } from "../../../src/plot/axis.ts";
import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
import { Y_SCALES } from "../../../src/plot/y-scale.ts";
import { change, type Settings, type View } from "../state/settings.ts";
import { AXIS_NAMES } from "../../../src/format/axis-text.ts";

const VIEWS: readonly (readonly [View, string])[] = [
  ["charts", "Charts"],
  ["compare", "Compare"],
  ["events", "Events"],
];

/** Search first, then how the charts are drawn. */
export function Toolbar(props: {
  readonly settings: Settings;
  readonly isDark: boolean;
  readonly counts: string;
  /** The axes that some run states. */
  readonly axes: readonly Axis[];
  /** Whether there are runs that differ by their seed alone. */
  readonly hasSeeds: boolean;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly help: () => void;
}): JSX.Element {
  const { settings, isDark, counts, hasSeeds, axes, search, help } = props;
  return (
    <div class="toolbar">
      <div class="search">
        <input
          ref={search}
          type="search"
          placeholder="Search metrics, run:name"
          aria-label="Search metrics; run: and a part of its name finds runs"
          value={settings.search}
          onInput={(event) => change({ search: event.currentTarget.value, enlarged: null })}
        />
        <output aria-live="polite">{counts}</output>
      </div>
      <div class="views" role="group" aria-label="View">
        {VIEWS.map(([view, title]) => (
          <button
            type="button"
            key={view}
            aria-pressed={settings.view === view}
            onClick={() => change({ view })}
          >
            {title}
          </button>
        ))}
      </div>
      <div class="options">
        <label>
          x{" "}
          <select
            value={settings.axis}
            onChange={(event) => {
              const axis = event.currentTarget.value;
              if (isAxis(axis)) change({ axis });
            }}
          >
            {AXES.map((axis) => (
              <option key={axis} value={axis} disabled={axis !== settings.axis && !axes.includes(axis)}>
                {AXIS_NAMES[axis]}
              </option>
            ))}
          </select>
        </label>
        <label>
          smooth{" "}
          <select
            value={settings.smoothing === null ? "" : String(settings.smoothing)}
            onChange={({ currentTarget: { value } }) =>
              change({ smoothing: value === "" ? null : Number(value) })
            }
          >
            <option value="">none</option>
            {SMOOTHINGS.map(({ label }, k) => (
              <option key={label} value={String(k)}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-pressed={settings.logX} onClick={() => change({ logX: !settings.logX })}>
          log x
        </button>
        <label>
          y{" "}
          <select
            value={settings.scale}
            onChange={({ currentTarget: { value } }) => {
              const scale = Y_SCALES.find((other) => other === value);
              if (scale !== undefined) change({ scale });
            }}
          >
            {Y_SCALES.map((scale) => (
              <option key={scale} value={scale}>
                {scale}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          aria-pressed={settings.pair}
          title="Training and validation of one quantity in one chart"
          onClick={() => change({ pair: !settings.pair })}
        >
          pair
        </button>
        {hasSeeds && (
          <label>
            seeds{" "}
            <select
              value={settings.seeds ?? ""}
              onChange={({ currentTarget: { value } }) =>
                change({ seeds: value === "mean" || value === "median" ? value : null })
              }
            >
              <option value="">apart</option>
              <option value="mean">mean, 95 %</option>
              <option value="median">median, 95 %</option>
            </select>
          </label>
        )}
        <button type="button" disabled={settings.zoom === null} onClick={() => change({ zoom: null })}>
          reset zoom
        </button>
        <button
          type="button"
          aria-label={isDark ? "Light colours" : "Dark colours"}
          title={isDark ? "Light colours" : "Dark colours"}
          onClick={() => change({ theme: isDark ? "light" : "dark" })}
        >
          {isDark ? "☀" : "☾"}
        </button>
        <button type="button" aria-label="Help" title="Help" onClick={help}>
          ?
        </button>
      </div>
    </div>
  );
}
