// Takes the pictures of docs/screenshots over six generated runs: the page, light, dark and on a phone, and the terminal
// (tmux). Needs what `npm test` builds and Chromium (CHROMIUM names it). Usage: node scripts/screenshots.mjs [folder]
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const OUT = process.argv[2] ?? fileURLToPath(new URL("../../../docs/screenshots", import.meta.url));
const COMMAND = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const COLUMNS = 110;
const ROWS = 32;
const folder = mkdtempSync(join(tmpdir(), "lossflow-shots-"));
for (const model of ["base", "gpt"])
  for (const seed of [1, 2, 3]) writeFileSync(join(folder, `${model}-seed${seed}.jsonl`), logOf(model, seed));

const server = spawn(process.execPath, [COMMAND, "serve", folder, "--port", "0"]);
const url = await new Promise((resolve) =>
  server.stdout.once("data", (text) => resolve(String(text).trim())),
);
const browser = await chromium.launch({
  executablePath: [process.env["CHROMIUM"], "/usr/bin/chromium"].find((found) => found && existsSync(found)),
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  await shoot("page-light.png", { viewport: { width: 1280, height: 860 }, colorScheme: "light" }, "s");
  await shoot("page-dark.png", { viewport: { width: 1280, height: 860 }, colorScheme: "dark" }, "");
  await shoot("page-phone.png", { viewport: { width: 390, height: 844 }, colorScheme: "light" }, "");
  await shootTerminal("terminal.png");
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true });
}

/** A run of 1,200 steps: a spike, a stretch of NaN, a resume that writes steps again, validation, a count of tokens. */
function logOf(model, seed) {
  let state = (model === "gpt" ? 77 : 7) + 1_013 * seed;
  const noise = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const floor = model === "gpt" ? 2.1 : 2.6;
  const line = (step, fields) =>
    `${JSON.stringify({ step, time: 1.76e9 + 2 * step, tokens: 4_096 * (step + 1), ...fields })}\n`;
  let text = "";
  const write = (from, to) => {
    for (let step = from; step < to; step++) {
      const level = floor + 3 / Math.sqrt(1 + step / 25);
      let loss = level + 0.12 * noise();
      if (model === "gpt" && seed === 1 && step === 700) loss = 7.4;
      const isLost = model === "base" && seed === 2 && step >= 400 && step < 404;
      const grad_norm = (0.4 + 2 * Math.exp(-step / 60)) * Math.exp(0.6 * noise());
      const lr = 1e-3 * Math.min(1, step / 100) * (0.1 + 0.45 * (1 + Math.cos((Math.PI * step) / 1_200)));
      text += line(step, { "train/loss": isLost ? "NaN" : Number(loss.toFixed(5)), grad_norm, lr });
      if (step % 50 === 49)
        text += line(step, { "val/loss": Number((level + 0.15 + 0.02 * noise()).toFixed(5)) });
    }
  };
  if (model === "gpt" && seed === 3) {
    write(0, 900);
    write(800, 1_200);
  } else write(0, 1_200);
  return text;
}

async function shoot(name, options, keys) {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(url);
  await page
    .getByText(/showing [\d,]+ points, 0 extrema hidden/)
    .first()
    .waitFor();
  for (const key of keys) await page.keyboard.press(key);
  await sleep(1_500);
  await page.screenshot({ path: join(OUT, name) });
  await page.context().close();
}

/** Paints what tmux has on its screen as a picture: no terminal is needed that has a window. */
async function shootTerminal(name) {
  const tmux = (...args) =>
    execFileSync("tmux", ["-L", `lossflow-shots-${process.pid}`, "-u", ...args], {
      encoding: "utf8",
      env: { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8" },
    });
  tmux(
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-x",
    `${COLUMNS}`,
    "-y",
    `${ROWS}`,
    process.execPath,
    COMMAND,
    "watch",
    folder,
  );
  try {
    await sleep(2_500);
    tmux("send-keys", "Right", "Right", "Right", "a");
    await sleep(1_500);
    const screen = tmux("capture-pane", "-p", "-e");
    const page = await browser.newPage({
      viewport: { width: Math.ceil(8.43 * COLUMNS) + 24, height: 17 * ROWS + 24 },
    });
    await page.setContent(
      `<body style="margin:12px;background:#14171a;color:#d8dee4"><pre style="margin:0;line-height:17px;font:14px/17px 'DejaVu Sans Mono',monospace">${htmlOf(screen)}</pre>`,
    );
    await page.screenshot({ path: join(OUT, name) });
  } finally {
    tmux("kill-server");
  }
}

/** Text with the escape sequences of colours as markup. */
function htmlOf(screen) {
  const sixteen = ["#000", "#ff6b6b", "#7bd88f", "#ffd866", "#6ca4ff", "#d787d7", "#5fd7d7", "#d8dee4"];
  const rgb = (r, g, b) => `rgb(${r},${g},${b})`;
  const colourOf = (n) => {
    if (n < 8) return sixteen[n];
    if (n >= 232) return rgb(8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232));
    const level = (k) => (k === 0 ? 0 : 55 + 40 * k);
    return rgb(level(Math.floor((n - 16) / 36)), level(Math.floor((n - 16) / 6) % 6), level((n - 16) % 6));
  };
  let style = { color: "", bold: false, dim: false };
  // oxlint-disable-next-line no-control-regex
  return screen.replaceAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g, (_, codes, text) => {
    if (text !== undefined) {
      // Fonts that lack braille are helped out by others, whose cells are wider.
      const escaped = text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(
          /[\u2800-\u28ff]/g,
          '<i style="display:inline-block;width:1ch;height:17px;line-height:17px;vertical-align:top;overflow:hidden;font-style:normal;text-align:center">$&</i>',
        );
      return `<span style="${style.color && `color:${style.color};`}${style.bold ? "font-weight:bold;" : ""}${style.dim ? "opacity:.6" : ""}">${escaped}</span>`;
    }
    const numbers = (codes || "0").split(";").map(Number);
    for (let k = 0; k < numbers.length; k++) {
      const n = numbers[k];
      if (n === 0) style = { color: "", bold: false, dim: false };
      else if (n === 1) style.bold = true;
      else if (n === 2) style.dim = true;
      else if (n === 22) style.bold = style.dim = false;
      else if (n >= 30 && n < 38) style.color = colourOf(n - 30);
      else if (n === 38) style.color = colourOf(numbers[(k += 2)]);
      else if (n === 39) style.color = "";
    }
    return "";
  });
}
