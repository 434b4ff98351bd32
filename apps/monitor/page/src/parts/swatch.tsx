import type { JSX } from "preact";
import { lineStyleOf } from "../chart/colours.ts";
import { useDark } from "../state/theme.ts";

/** A line, small: that of the run at a place, but for what is given besides. */
export function Swatch(props: {
  readonly index?: number;
  readonly colour?: string;
  readonly dash?: readonly number[];
}): JSX.Element {
  const style = lineStyleOf(props.index ?? 0, useDark());
  const colour = props.colour ?? style.colour;
  const dash = props.dash ?? style.dash;
  return (
    <svg class="swatch" width="18" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="18" y2="4" stroke={colour} stroke-width="3" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
