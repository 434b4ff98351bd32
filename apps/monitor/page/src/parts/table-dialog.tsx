import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import { droppedTable, evaluateDropped, type TableView } from "../backend/drop-files.ts";
import type { TableFigures, TableJob } from "../backend/drop-messages.ts";
import { useValue } from "../state/value.ts";
import { label } from "../text/label.ts";

/** Groups listed at most. */
const MOST_GROUPS = 50;

/** Asks what to evaluate over a dropped table of predictions, and shows its figures; the running means go to the charts. */
export function TableDialog(): JSX.Element | null {
  const view = useValue(droppedTable);
  return view === null ? null : <OpenTable key={view.table.table} view={view} />;
}

function OpenTable({ view }: { readonly view: TableView }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [job, setJob] = useState<TableJob>(view.table.guess);
  useEffect(() => dialog.current?.showModal(), []);
  const { name, columns, losses } = view.table;
  const formula = losses.find(({ id }) => id === job.loss.split(":")[0]!.trim())?.formula;
  const text = (key: "loss" | "target" | "prediction" | "by", title: string, list: string): JSX.Element => (
    <label>
      {title}
      <input
        list={list}
        value={job[key]}
        autocomplete="off"
        required={key !== "by"}
        onInput={({ currentTarget: { value } }) => setJob({ ...job, [key]: value })}
      />
    </label>
  );
  return (
    <dialog ref={dialog} class="table" onClose={() => droppedTable.set(null)} aria-labelledby="table-title">
      <h2 id="table-title">{label(name)}</h2>
      <p>
        {formatCount(columns.length)} columns: {columns.slice(0, 12).map(label).join(", ")}
        {columns.length > 12 ? ", …" : ""}. It is read here, by workers of this page, and goes nowhere.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          evaluateDropped(job);
        }}
      >
        {text("loss", "loss", "table-losses")}
        {text("target", "target", "table-columns")}
        {text("prediction", "prediction", "table-columns")}
        {text("by", "group by (may be empty)", "table-columns")}
        <label>
          rows of a point
          <input
            type="number"
            min="1"
            step="1"
            required
            value={String(job.rows)}
            onInput={({ currentTarget: { value } }) => setJob({ ...job, rows: Number(value) })}
          />
        </label>
        <datalist id="table-losses">
          {losses.map(({ id }) => (
            <option key={id} value={id} />
          ))}
        </datalist>
        <datalist id="table-columns">
          {columns.map((column) => (
            <option key={column} value={column} />
          ))}
        </datalist>
        <p class="formula">
          {formula ?? "There is no loss of this name; parameters stand behind it: huber:delta=0.5"}
        </p>
        <button type="submit">Evaluate</button>{" "}
        <button type="button" onClick={() => dialog.current?.close()}>
          {view.figures === null ? "Close" : "To the charts"}
        </button>
      </form>
      {view.failure !== null && (
        <p class="failure" role="alert">
          {label(view.failure)}
        </p>
      )}
      {view.figures !== null && <Figures figures={view.figures} loss={job.loss} />}
    </dialog>
  );
}

function Figures({ figures, loss }: { readonly figures: TableFigures; readonly loss: string }): JSX.Element {
  const { result } = figures;
  const rows: readonly (readonly [string, string])[] = [
    [result.reduction, formatNumber(result.value)],
    [
      "mean",
      `${formatNumber(result.mean)} = ${formatNumber(result.sum)} / ${formatNumber(result.weightSum)}`,
    ],
    ["finite", countText(result.finite)],
    ["not finite", countText(Number(result.nan) + Number(result.posInf) + Number(result.negInf))],
    ["missing, ignored", `${countText(result.missing)}, ${countText(result.ignored)}`],
    ["minimum, maximum", `${formatNumber(result.min)}, ${formatNumber(result.max)}`],
  ];
  return (
    <div role="status">
      <p>
        {label(loss)} over {formatCount(figures.rows)} rows{figures.done ? "" : " so far"}, by{" "}
        {figures.workers} workers, engine {figures.engine}.
      </p>
      <table>
        <tbody>
          {rows.map(([title, value]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>{value}</td>
            </tr>
          ))}
          {(result.top ?? []).map(({ sourceRow, loss: value }, k) => (
            <tr key={`top ${sourceRow}`}>
              <th scope="row">{k === 0 ? "highest" : ""}</th>
              <td>
                {formatNumber(value)} in row {formatCount(sourceRow)}
              </td>
            </tr>
          ))}
          {(result.groups ?? []).slice(0, MOST_GROUPS).map(({ key, mean, finite }) => {
            const name = Object.entries(key)
              .map(([column, value]) => `${column} ${value === null ? "null" : String(value)}`)
              .join(", ");
            return (
              <tr key={name}>
                <th scope="row">{label(name)}</th>
                <td>
                  {formatNumber(mean)} over {countText(finite)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {(result.groups?.length ?? 0) > MOST_GROUPS && (
        <p>and {formatCount((result.groups?.length ?? 0) - MOST_GROUPS)} more groups</p>
      )}
    </div>
  );
}

/** Counts past 2^53 are text. */
function countText(count: number | string | bigint): string {
  return formatCount(Number(count));
}
