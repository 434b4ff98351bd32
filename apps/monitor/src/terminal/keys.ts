/** What a key asks for. */
export type KeyAction =
  | "quit"
  | "interrupt"
  | "next-metric"
  | "previous-metric"
  | "next-run"
  | "previous-run"
  | "smoothing"
  | "log"
  | "zoom"
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
  ["l", "log"],
  ["z", "zoom"],
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
  ["s", "smooth: off, then by a debiased average of weight 0.6, 0.9, 0.99"],
  ["l", "logarithmic or linear y"],
  ["z", "all steps, or the last half, quarter, eighth"],
  ["?", "this page"],
  ["q", "quit"],
];
