import type { JSX } from "preact";
import { lineStyleOf } from "../chart/colours.ts";
import { useDark } from "../state/theme.ts";

/** The line of a run, small. */
export function Swatch({ index }: { readonly index: number }): JSX.Element {
  const { colour, dash } = lineStyleOf(index, useDark());
  return (
    <svg class="swatch" width="18" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="18" y2="4" stroke={colour} stroke-width="3" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
