import type { ComponentChildren, JSX } from "preact";
import { formatCount } from "../../../src/format/number-text.ts";
import type { RunView } from "../state/runs.ts";
import { change, type Settings } from "../state/settings.ts";
import { label } from "../text/label.ts";
import { Swatch } from "./swatch.tsx";

const STATES = { waiting: "waiting for its file", following: "", ended: "ended" } as const;

/** The runs, each with its colour, what it is doing, and whether it is drawn. */
export function RunList(props: {
  readonly runs: readonly RunView[];
  readonly settings: Settings;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { runs, settings } = props;
  const hidden = new Set(settings.hidden);
  const toggle = (name: string): void =>
    change({
      hidden: hidden.has(name)
        ? settings.hidden.filter((other) => other !== name)
        : [...settings.hidden, name],
    });
  const drawn = runs.filter(({ head }) => !hidden.has(head.name)).length;
  return (
    <nav class="runs" aria-label="Runs">
      <header>
        <h2>
          {formatCount(drawn)} of {formatCount(runs.length)} runs
        </h2>
        <button type="button" onClick={() => change({ hidden: [] })} disabled={drawn === runs.length}>
          All
        </button>
        <button
          type="button"
          onClick={() => change({ hidden: runs.map(({ head }) => head.name) })}
          disabled={drawn === 0}
        >
          None
        </button>
      </header>
      <ul tabIndex={0} aria-label="Runs to draw">
        {runs.map((run) => (
          <li key={run.head.id}>
            <label title={label(run.head.source)}>
              <input
                type="checkbox"
                checked={!hidden.has(run.head.name)}
                onChange={() => toggle(run.head.name)}
              />
              <Swatch index={run.index} />
              <span class="name">{label(run.head.name)}</span>
              <span class="state">{stateOf(run)}</span>
            </label>
          </li>
        ))}
      </ul>
      {props.children}
    </nav>
  );
}

function stateOf({ head, events }: RunView): string {
  const grave = events.filter(({ kind }) => kind === "nan" || kind === "inf" || kind === "divergence").length;
  const alarms = grave === 0 ? "" : `${grave} alarm${grave === 1 ? "" : "s"}`;
  return [alarms, STATES[head.state]].filter(Boolean).join(" · ");
}
