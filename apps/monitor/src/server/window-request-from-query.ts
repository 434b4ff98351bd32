import { LossflowError } from "@lossflow/core";
import { AXES, isAxis } from "../plot/axis.ts";
import { SMOOTHINGS } from "../plot/smoothing.ts";
import type { SeriesKey, WindowRequest } from "../plot/window-request.ts";

/** What one request may ask for at most. */
const MOST_SERIES = 256;
const MOST_COLUMNS = 4_096;

/**
 * Reads `series=r0.1,r1.1&axis=step&from=0&to=99&columns=400&smoothing=1`.
 * @throws LF_BAD_REQUEST for anything else.
 */
export function windowRequestFromQuery(query: URLSearchParams): WindowRequest {
  const axis = query.get("axis") ?? "";
  if (!isAxis(axis)) throw refused("axis", `one of ${AXES.join(", ")}`);
  const from = numberOf(query, "from");
  const to = numberOf(query, "to");
  if (!(from <= to)) throw refused("to", "a number not below from");
  const log = query.get("log") === "1";
  if (log && from <= 0) throw refused("from", "above 0 on a logarithmic axis");
  const columns = numberOf(query, "columns");
  if (!Number.isInteger(columns) || columns < 1 || columns > MOST_COLUMNS)
    throw refused("columns", `a whole number from 1 to ${MOST_COLUMNS}`);
  return {
    series: seriesOf(query.get("series") ?? ""),
    axis,
    log,
    from,
    to,
    columns,
    smoothing: smoothingOf(query),
  };
}

function seriesOf(text: string): SeriesKey[] {
  const keys = text.split(",");
  if (keys.length > MOST_SERIES) throw refused("series", `at most ${MOST_SERIES} of them`);
  return keys.map((key) => {
    const parts = /^([a-z]\d{1,6})\.(\d{1,6})$/.exec(key);
    if (parts === null) throw refused("series", "such as r0.1,r1.1");
    return { run: parts[1]!, metric: Number(parts[2]) };
  });
}

function smoothingOf(query: URLSearchParams): number | null {
  const text = query.get("smoothing");
  if (text === null) return null;
  const index = numberOf(query, "smoothing");
  if (SMOOTHINGS[index] === undefined)
    throw refused("smoothing", `a whole number below ${SMOOTHINGS.length}`);
  return index;
}

function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? "";
  const value = /^-?\d[\d.e+-]{0,30}$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw refused(name, "a finite number");
  return value;
}

function refused(name: string, expected: string): LossflowError {
  return new LossflowError("LF_BAD_REQUEST", `The part ${name} of the request is ${expected}.`, { expected });
}
