import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount } from "../../src/format/number-text.ts";
import { hasSeedGroup } from "../../src/plot/seed-groups.ts";
import { link } from "./backend/backends.ts";
import { ChartGrid } from "./parts/chart-grid.tsx";
import { CompareTable } from "./parts/compare-table.tsx";
import { DropZone } from "./parts/drop-zone.tsx";
import { EventList } from "./parts/event-list.tsx";
import { Help } from "./parts/help.tsx";
import { RunList } from "./parts/run-list.tsx";
import { Status } from "./parts/status.tsx";
import { TableDialog } from "./parts/table-dialog.tsx";
import { Toolbar } from "./parts/toolbar.tsx";
import { listenToKeys } from "./state/keys.ts";
import { groupMetrics } from "./state/metric-groups.ts";
import { runs as allRuns, statedAxes } from "./state/runs.ts";
import { settings as allSettings } from "./state/settings.ts";
import { useDark } from "./state/theme.ts";
import { useValue } from "./state/value.ts";

/** The page. */
export function App({ takesFiles }: { readonly takesFiles: boolean }): JSX.Element {
  const runs = useValue(allRuns);
  const settings = useValue(allSettings);
  const standing = useValue(link);
  const isDark = useDark();
  const search = useRef<HTMLInputElement>(null);
  const [isHelping, setHelping] = useState(false);
  const { shown, total } = useMemo(() => groupMetrics(runs, settings), [runs, settings]);
  const axes = useMemo(() => statedAxes(runs), [runs]);
  const hasSeeds = useMemo(() => hasSeedGroup(runs.map(({ head }) => head.name)), [runs]);
  useEffect(() => {
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
  }, [isDark]);
  useEffect(() => listenToKeys({ search: () => search.current?.focus(), help: () => setHelping(true) }), []);

  return (
    <div class="page">
      <header class="top">
        <h1>Lossflow</h1>
        <Toolbar
          settings={settings}
          isDark={isDark}
          search={search}
          hasSeeds={hasSeeds}
          axes={axes}
          counts={`${formatCount(shown.length)} of ${formatCount(total)} shown`}
          help={() => setHelping(true)}
        />
      </header>
      <div class="body">
        <RunList runs={runs} settings={settings}>
          <Status link={standing} runs={runs} />
        </RunList>
        <main>
          {runs.length === 0 && (
            <p class="empty">{standing.state === "live" ? "Waiting for a run." : standing.sentence}</p>
          )}
          {settings.view === "charts" && <ChartGrid groups={shown} settings={settings} />}
          {settings.view === "compare" && <CompareTable groups={shown} settings={settings} />}
          {settings.view === "events" && <EventList runs={runs} settings={settings} />}
        </main>
      </div>
      {isHelping && <Help close={() => setHelping(false)} />}
      {takesFiles && <DropZone />}
      {takesFiles && <TableDialog />}
    </div>
  );
}
