/** What a key asks for. */
export type KeyAction =
  | "quit"
  | "interrupt"
  | "next-metric"
  | "previous-metric"
  | "next-run"
  | "previous-run"
  | "smoothing"
  | "axis"
  | "log-x"
  | "scale"
  | "share"
  | "zoom-in"
  | "zoom-out"
  | "move-left"
  | "move-right"
  | "whole"
  | "all-runs"
  | "pair"
  | "help";

const ACTIONS: ReadonlyMap<string, KeyAction> = new Map([
  ["q", "quit"],
  ["Q", "quit"],
  ["\u0003", "interrupt"],
  ["\t", "next-metric"],
  ["\u001b[B", "next-metric"],
  ["\u001bOB", "next-metric"],
  ["j", "next-metric"],
  ["\u001b[Z", "previous-metric"],
  ["\u001b[A", "previous-metric"],
  ["\u001bOA", "previous-metric"],
  ["k", "previous-metric"],
  ["\u001b[C", "next-run"],
  ["\u001bOC", "next-run"],
  ["\u001b[D", "previous-run"],
  ["\u001bOD", "previous-run"],
  ["s", "smoothing"],
  ["x", "axis"],
  ["X", "log-x"],
  ["l", "scale"],
  ["z", "share"],
  ["+", "zoom-in"],
  ["=", "zoom-in"],
  ["-", "zoom-out"],
  ["[", "move-left"],
  [",", "move-left"],
  ["]", "move-right"],
  [".", "move-right"],
  ["0", "whole"],
  ["a", "all-runs"],
  ["p", "pair"],
  ["?", "help"],
  ["h", "help"],
]);

/** Keys as a terminal sends them: an escape sequence, or one character. */
// oxlint-disable-next-line no-control-regex
const KEY = /\u001b[[O][0-9;]*[A-Za-z~]|[^]/gu;

/** Reads what was typed; keys without a meaning are left out. */
export function keyActionsFrom(typed: string): KeyAction[] {
  return (typed.match(KEY) ?? []).flatMap((key) => ACTIONS.get(key) ?? []);
}

/** The keys, for the help page. */
export const KEY_HELP: readonly (readonly [string, string])[] = [
  ["tab, down / shift-tab, up", "next / previous metric"],
  ["right / left", "next / previous run"],
  ["a", "all runs in one chart, or this one alone"],
  ["p", "training and validation in one chart, or apart"],
  ["s", "smooth: off, EMA, EMA by time, rolling mean, rolling median"],
  ["x, X", "next x axis the log states; logarithmic or linear x"],
  ["l", "y linear, logarithmic, or logarithmic on both sides of 0 (symlog)"],
  ["+ - / [ ]", "zoom in and out / move left and right"],
  ["z, 0", "all, the last half, quarter, eighth; all"],
  ["?", "this page"],
  ["q", "quit"],
];
