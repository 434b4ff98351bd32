import { type Axis, isAxis } from "../../../src/plot/axis.ts";
import type { Centre } from "../../../src/plot/seed-band.ts";
import { isSmoothing } from "../../../src/plot/smoothing.ts";
import type { YScale } from "../../../src/plot/y-scale.ts";
import { createValue, type Value } from "./value.ts";

/** What the main part of the page shows. */
export type View = "charts" | "compare" | "events";

/** What a person has chosen; kept by the browser between visits, but for the zoom and the search. */
export interface Settings {
  readonly view: View;
  readonly axis: Axis;
  /** An index of `SMOOTHINGS`, null for none. */
  readonly smoothing: number | null;
  readonly logX: boolean;
  readonly scale: YScale;
  /** Whether training and validation of one quantity share a chart. */
  readonly pair: boolean;
  /** How runs that differ by their seed alone are put together, null where they are not. */
  readonly seeds: Centre | null;
  /** null follows the system. */
  readonly theme: "light" | "dark" | null;
  /** Names of metrics that stand first. */
  readonly pins: readonly string[];
  /** Names of runs that are not drawn. */
  readonly hidden: readonly string[];
  readonly search: string;
  /** The stretch of the x axis that all charts show, null for all of it. */
  readonly zoom: readonly [from: number, to: number] | null;
  /** The metric of the table, null for the main loss. */
  readonly compared: string | null;
  /** The metric that fills the page, null for none. */
  readonly enlarged: string | null;
}

const DEFAULTS: Settings = {
  view: "charts",
  axis: "step",
  smoothing: null,
  logX: false,
  scale: "linear",
  pair: true,
  seeds: null,
  theme: null,
  pins: [],
  hidden: [],
  search: "",
  zoom: null,
  compared: null,
  enlarged: null,
};
const KEY = "lossflow-settings";

/** The settings of this page. */
export const settings: Value<Settings> = createValue(kept());

/** Changes some settings. */
export function change(some: Partial<Settings>): void {
  const next = { ...settings.get(), ...some };
  // Another axis has other places.
  settings.set(some.axis === undefined && some.logX === undefined ? next : { ...next, zoom: null });
  const { axis, smoothing, logX, scale, pair, seeds, theme, pins } = next;
  try {
    localStorage.setItem(KEY, JSON.stringify({ axis, smoothing, logX, scale, pair, seeds, theme, pins }));
  } catch {
    // A browser that keeps nothing, or a file: the choice holds until the page is closed.
  }
}

function kept(): Settings {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof found === "object" && found !== null ? { ...DEFAULTS, ...sound(found) } : DEFAULTS;
  } catch {
    return DEFAULTS;
  }
}

/** Takes what an earlier visit kept, where it still makes sense. */
function sound(found: Partial<Record<keyof Settings, unknown>>): Partial<Settings> {
  const { axis, smoothing, logX, scale, pair, seeds, theme, pins } = found;
  return {
    ...(typeof axis === "string" && isAxis(axis) ? { axis } : {}),
    ...(isSmoothing(smoothing) ? { smoothing } : {}),
    ...(typeof logX === "boolean" ? { logX } : {}),
    ...(scale === "linear" || scale === "log" || scale === "symlog" ? { scale } : {}),
    ...(typeof pair === "boolean" ? { pair } : {}),
    ...(seeds === "mean" || seeds === "median" ? { seeds } : {}),
    ...(theme === "light" || theme === "dark" ? { theme } : {}),
    ...(Array.isArray(pins) ? { pins: pins.filter((pin) => typeof pin === "string") } : {}),
  };
}
