/** Colours of lines that people with any kind of colour vision tell apart, each at 3:1 or more on its ground. */
const LIGHT = [
  "#0072b2",
  "#c44a00",
  "#00795a",
  "#a8457f",
  "#8a6500",
  "#2686c4",
  "#6a51a3",
  "#4d4d4d",
] as const;
const DARK = [
  "#5cb3f0",
  "#ff8a4c",
  "#35c99a",
  "#e88fc0",
  "#e8c33c",
  "#8fd3ff",
  "#b7a4f5",
  "#c9c9c9",
] as const;

/** Dashes that tell apart the runs of one colour, in CSS pixels. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** Dashes of held-out data beside its training series. */
export const HELD_OUT_DASH: readonly number[] = [5, 3];

/** How the line of a run looks. */
export interface LineStyle {
  readonly colour: string;
  readonly dash: readonly number[];
}

/** The look of the run at a place among all runs. */
export function lineStyleOf(index: number, isDark: boolean): LineStyle {
  const colours = isDark ? DARK : LIGHT;
  return {
    colour: colours[index % colours.length]!,
    dash: DASHES[Math.floor(index / colours.length) % DASHES.length]!,
  };
}
