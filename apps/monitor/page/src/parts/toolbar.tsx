import type { JSX, RefObject } from "preact";
import { AXES, isAxis } from "../../../src/plot/axis.ts";
import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
import { change, type Settings, type View } from "../state/settings.ts";
import { AXIS_NAMES } from "../text/x-text.ts";

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
  readonly search: RefObject<HTMLInputElement | null>;
  readonly help: () => void;
}): JSX.Element {
  const { settings, isDark, counts, search, help } = props;
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
              <option key={axis} value={axis}>
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
        <button type="button" aria-pressed={settings.log} onClick={() => change({ log: !settings.log })}>
          log y
        </button>
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
