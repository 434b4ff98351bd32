/** The whole terminal, taken over until it is closed. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Shows these lines; only those that changed are written. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was; may be called again. */
  close(): void;
}

const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";

/** Takes over the terminal: alternate screen, no cursor, no wrapping; all given back when the process ends. */
export function openScreen(out: NodeJS.WriteStream, onResize: () => void): Screen {
  let shown: string[] = [];
  let open = true;
  const resized = (): void => {
    shown = [];
    out.write("\u001b[2J");
    onResize();
  };
  const close = (): void => {
    if (!open) return;
    open = false;
    out.off("resize", resized);
    process.off("exit", close);
    out.write(LEAVE);
  };
  out.write(ENTER);
  out.on("resize", resized);
  process.on("exit", close);
  return {
    get columns() {
      return out.columns || 80;
    },
    get rows() {
      return out.rows || 24;
    },
    draw(lines) {
      if (!open) return;
      let text = "";
      // Erased before it is written: after a full line the cursor stands on its last character.
      for (let row = 0; row < Math.max(lines.length, shown.length); row++) {
        const line = lines[row] ?? "";
        if (line !== shown[row]) text += `\u001b[${row + 1};1H\u001b[K${line}\u001b[0m`;
      }
      shown = [...lines];
      if (text !== "") out.write(text);
    },
    close,
  };
}
