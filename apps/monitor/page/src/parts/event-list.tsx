import type { JSX } from "preact";
import { signOf } from "../chart/paint-events.ts";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import type { RunView } from "../state/runs.ts";
import type { Settings } from "../state/settings.ts";
import { label } from "../text/label.ts";
import { Swatch } from "./swatch.tsx";

/** Events listed at most, the latest of each run first kept. */
const MOST = 500;

/** What happened in the drawn runs. */
export function EventList(props: {
  readonly runs: readonly RunView[];
  readonly settings: Settings;
}): JSX.Element {
  const hidden = new Set(props.settings.hidden);
  const words = props.settings.search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = props.runs
    .filter(({ head }) => !hidden.has(head.name))
    .flatMap((run) => run.events.map((event) => ({ run, event })))
    .filter(({ run, event }) => {
      const text = `${event.kind} ${event.metric ?? ""} ${event.message} run:${run.head.name}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  const shown = all.slice(-MOST);
  if (all.length === 0) return <p class="empty">Nothing happened that needs telling.</p>;
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label="Events">
      <table>
        <caption>
          {formatCount(shown.length)} of {formatCount(all.length)} events shown
        </caption>
        <thead>
          <tr>
            <th scope="col">event</th>
            <th scope="col">run</th>
            <th scope="col">steps</th>
            <th scope="col">what happened</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ run, event }, k) => (
            <tr key={`${run.head.id} ${k}`}>
              <th scope="row">
                <span class="sign">{signOf(event.kind)}</span> {event.kind}
              </th>
              <td class="words">
                <Swatch index={run.index} /> {label(run.head.name)}
              </td>
              <td>{stepsOf(event)}</td>
              <td class="words">{label(event.message)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function stepsOf({
  step,
  lastStep,
}: {
  readonly step: number | null;
  readonly lastStep: number | null;
}): string {
  if (step === null) return "";
  const from = formatNumber(step);
  return lastStep === null || lastStep === step ? from : `${from}–${formatNumber(lastStep)}`;
}
