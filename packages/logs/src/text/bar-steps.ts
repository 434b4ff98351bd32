/** Bars that are kept in mind. */
const MOST_BARS = 64;

/** Where a bar stands. */
interface Bar {
  before: number;
  at: number;
}

/**
 * Counts the steps of bars that name no epoch. A bar that was full and begins anew is the next epoch's: its steps run on.
 * One that was not full goes back.
 */
export class BarSteps {
  readonly #bars = new Map<string, Bar>();

  /** Notes that the bar of these words stands at `at` of `of`; one without figures only where it is known already. */
  step(words: string, at: number, of: number, hasFigures: boolean): number {
    const key = `${nameOf(words)} ${of}`;
    let bar = this.#bars.get(key);
    if (bar === undefined) {
      if (!hasFigures) return at;
      if (this.#bars.size === MOST_BARS) this.#bars.delete(this.#bars.keys().next().value!);
      bar = { before: 0, at };
      this.#bars.set(key, bar);
    }
    if (at < bar.at && bar.at === of) bar.before += of;
    bar.at = at;
    return bar.before + at;
  }
}

/** The letters before the first figure: the figures of a description change as the bar goes. */
function nameOf(words: string): string {
  return words
    .replace(/[:=] ?(?:[-+.\d]|nan|inf).*$/i, "")
    .replace(/[^A-Za-z]+/g, " ")
    .trim()
    .slice(0, 80);
}
