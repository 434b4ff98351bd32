import type { MarkTones } from "./paint-events.ts";

/** Colours that a canvas needs; the rest of the page has them from its style sheet. */
export interface ChartTheme {
  readonly isDark: boolean;
  readonly text: string;
  readonly grid: string;
  readonly tones: MarkTones;
}

/** The colours of charts on a light and on a dark ground. */
export const CHART_THEMES: Readonly<Record<"light" | "dark", ChartTheme>> = {
  light: {
    isDark: false,
    text: "#5a6068",
    grid: "#e6e8eb",
    tones: { grave: "#b3261e", warning: "#8a5a00", quiet: "#5a6068" },
  },
  dark: {
    isDark: true,
    text: "#a2a9b3",
    grid: "#2b3038",
    tones: { grave: "#ff8a80", warning: "#ffc35c", quiet: "#a2a9b3" },
  },
};
