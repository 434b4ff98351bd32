import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { hasTmux, Terminal } from "./tmux.ts";

const README = fileURLToPath(new URL("../../README.md", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const COMMAND = `'${process.execPath}' '${fileURLToPath(new URL("../../dist/main.js", import.meta.url))}'`;
const SCREEN = /^```text screen\n([\s\S]*?)^```$/m;

const opened: Terminal[] = [];
function open(name: string, args: string, columns: number, rows: number, cwd = FIXTURES): Terminal {
  const terminal = new Terminal(name, `${COMMAND} ${args}`, columns, rows, cwd);
  opened.push(terminal);
  return terminal;
}
afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.close();
});

/** How long ago the last byte came differs at each look, and so do the keys that fit beside it. */
const settled = (screen: string): string => screen.replace(/last byte .* ago.*/, "last byte AGO").trimEnd();

test.skipIf(!hasTmux)(
  "the README shows the screen that a terminal shows",
  async () => {
    const screen = await open("readme", "watch train.jsonl", 80, 24).until(/408 points[\s\S]*? q quit/);
    const page = readFileSync(README, "utf8");
    if (process.env["LOSSFLOW_README"] === "1") {
      writeFileSync(
        README,
        page.replace(SCREEN, () => `\`\`\`text screen\n${screen.trimEnd()}\n\`\`\``),
      );
      return;
    }
    expect(settled(screen)).toBe(settled(SCREEN.exec(page)![1]!));
  },
  30_000,
);

test.skipIf(!hasTmux)(
  "keys choose the metric, smooth, change the scale, zoom, help; q gives the terminal back and ends with 0",
  async () => {
    const terminal = open("keys", "watch train.jsonl", 100, 30);
    await terminal.until(/▸ train\/loss/);
    terminal.press("Tab");
    await terminal.until(/▸ grad_norm/);
    terminal.press("Up");
    await terminal.until(/▸ train\/loss/);
    terminal.press("s");
    await terminal.until(/EMA 0\.6, debiased, raw behind/);
    terminal.press("l");
    await terminal.until(/ log y/);
    terminal.press("l");
    await terminal.until(/symlog y/);
    terminal.press("l", "p");
    terminal.press("z");
    await terminal.until(/showing 200 points, 0 extrema hidden/);
    terminal.press("?");
    await terminal.until(/next \/ previous metric/);
    terminal.press("q");
    expect((await terminal.until(/exit \d/)).trim()).toBe("exit 0");
  },
  30_000,
);

test.skipIf(!hasTmux)(
  "a resize redraws, a growing log is followed, Ctrl-C ends with 130",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "lossflow-terminal-"));
    const path = join(folder, "new.jsonl");
    const terminal = open("resize", "watch new.jsonl", 80, 24, folder);
    await terminal.until(/1 awaited[\s\S]*waiting for a run/);
    writeFileSync(path, '{"step": 1, "loss": 4}\n{"step": 2, "loss": 3}\n');
    await terminal.until(/showing 2 points, 0 extrema hidden/);
    terminal.resize(60, 12);
    const screen = await terminal.until(/showing 2 points/);
    expect(screen.trimEnd().split("\n").length).toBeLessThanOrEqual(12);
    terminal.press("C-c");
    await terminal.until(/exit 130/);
    rmSync(folder, { recursive: true });
  },
  30_000,
);

test.skipIf(!hasTmux)(
  "nothing in a log reaches the terminal as a control",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "lossflow-hostile-"));
    writeFileSync(
      join(folder, "evil.jsonl"),
      '{"step": 1, "\\u001b]0;owned\\u0007\\u001b[2Jloss": 1}\n{"step": 2, "a\\u202eb": 1}\n',
    );
    const screen = await open("hostile", "watch evil.jsonl", 100, 24, folder).until(/▸/);
    expect(screen).toContain("␛]0;owned␇␛[2Jloss");
    expect(screen).toContain("a\\u{202e}b");
    rmSync(folder, { recursive: true });
  },
  30_000,
);

test.skipIf(!hasTmux)(
  "a draws all runs, each in a colour of its own, and x goes through the axes; without colours digits tell them apart",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "lossflow-runs-"));
    for (const [name, base] of [
      ["a", 1],
      ["b", 3],
    ] as const) {
      const lines = Array.from({ length: 50 }, (_, k) =>
        JSON.stringify({
          step: k,
          time: 1.76e9 + 60 * k,
          tokens: 1_000_000 * (k + 1),
          loss: base + 1 / (k + 1),
        }),
      );
      writeFileSync(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
    }
    const terminal = open("runs", "watch .", 100, 24, folder);
    await terminal.until(/run 1 of 2[\s\S]*showing 50 points/);
    terminal.press("a");
    await terminal.until(/showing 100 points, 0 extrema hidden\n━ a {2}━ b/);
    expect(terminal.screen(true)).toContain("\u001b[38;5;39m");
    expect(terminal.screen(true)).toContain("\u001b[38;5;208m");
    terminal.press("x");
    await terminal.until(/1 M +50 M tokens/);
    terminal.press("x");
    await terminal.until(/0 s +49 min/);
    terminal.press("X", "+");
    await terminal.until(/log time since start/);
    terminal.press("q");
    await terminal.until(/exit 0/);
    const plain = new Terminal("runs-plain", `NO_COLOR=1 ${COMMAND} watch .`, 100, 24, folder);
    opened.push(plain);
    await plain.until(/showing 50 points/);
    plain.press("a");
    const screen = await plain.until(/showing 100 points, 0 extrema hidden\n1 a {2}2 b/);
    for (const digit of ["1", "2"]) expect(screen).toMatch(new RegExp(`[│┤].*[\u2800-\u28ff]${digit}$`, "m"));
    expect(plain.screen(true)).not.toContain("\u001b[38");
    rmSync(folder, { recursive: true });
  },
  30_000,
);

test.skipIf(!hasTmux)(
  "colours come on a terminal and not with NO_COLOR",
  async () => {
    const coloured = open("colour", "summary train.jsonl", 120, 30);
    await coloured.until(/exit 0/);
    expect(coloured.screen(true)).toContain("\u001b[36m");
    const terminal = new Terminal("plain", `NO_COLOR=1 ${COMMAND} summary train.jsonl`, 120, 30, FIXTURES);
    opened.push(terminal);
    await terminal.until(/exit 0/);
    expect(terminal.screen(true)).not.toContain("\u001b");
  },
  30_000,
);
