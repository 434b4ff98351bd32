/** Wraps text so that a terminal shows it in some way. */
export type Paint = (text: string) => string;

/** Wraps text in colours, or leaves it as it is where colours are off. */
export interface Style {
  readonly on: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
  /** The colour of one line among several, told apart by people with any kind of colour vision where there are 256. */
  readonly line: (index: number) => Paint;
}

/** Colours of lines, of 256 and of 16. */
const LINES = [39, 208, 43, 175, 220, 117, 141, 252] as const;
const FEW_LINES = [36, 33, 32, 35, 34, 37] as const;

/** Makes the style of a stream: colours on a TTY alone, never with NO_COLOR or a dumb terminal. */
export function styleFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Style {
  const on = stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const wrap =
    (open: number, close: number): Paint =>
    (text) =>
      on && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  const many = /256|kitty|alacritty|ghostty|direct/.test(env["TERM"] ?? "") || Boolean(env["COLORTERM"]);
  const line = (index: number): Paint => {
    if (!many) return wrap(FEW_LINES[index % FEW_LINES.length]!, 39);
    const colour = LINES[index % LINES.length]!;
    return (text) => (on && text !== "" ? `\u001b[38;5;${colour}m${text}\u001b[39m` : text);
  };
  return {
    on,
    line,
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    red: wrap(31, 39),
    yellow: wrap(33, 39),
    green: wrap(32, 39),
    cyan: wrap(36, 39),
  };
}
