import type { LineMeaning } from "./line-meaning.ts";
import type { LineTemplate } from "./line-template.ts";

const MOST = 48;

type Template = LineTemplate<LineMeaning>;

/** The shapes of line that a reader knows, and which followed which: most logs repeat a few in turn. */
export class LineShapes {
  readonly #templates: Template[] = [];
  #evicted = 0;
  #last: Template | null = null;

  /** The shape that followed the last one before. */
  get expected(): Template | null {
    return this.#last?.successor ?? null;
  }

  /** The shape of the last line. */
  get last(): Template | null {
    return this.#last;
  }

  /** Reads the line that begins at `start`, with its end, by the first shape that fits: it is `last` then. Returns the index after it, or -1. */
  match(bytes: Uint8Array, start: number, end: number): number {
    const { expected } = this;
    if (expected !== null) {
      const next = expected.match(bytes, start, end);
      if (next >= 0) {
        this.follow(expected, 1);
        return next;
      }
    }
    for (let i = 0; i < this.#templates.length; i++) {
      const template = this.#templates[i]!;
      if (template === expected) continue;
      const next = template.match(bytes, start, end);
      if (next < 0) continue;
      this.follow(template, 1);
      return next;
    }
    return -1;
  }

  /** The shape that a whole line without its end has; it is `last` then. */
  shapeOf(bytes: Uint8Array, start: number, end: number): Template | null {
    for (const template of this.#templates) {
      if (!template.matchLine(bytes, start, end)) continue;
      this.#last = template;
      return template;
    }
    return null;
  }

  /** Notes that lines of a shape came. */
  follow(template: Template, lines: number): void {
    if (this.#last !== null) this.#last.successor = template;
    if (lines > 1) template.successor = template;
    this.#last = template;
  }

  /** Takes a new shape up, where its own line has it and it makes the same of other lines as those before. */
  learn(template: Template): void {
    const { sample } = template;
    if (!template.matchLine(sample, 0, sample.length) || this.#contradicts(template)) return;
    template.meaning.program = template.program();
    if (this.#templates.length < MOST) this.#templates.push(template);
    else this.#templates[this.#evicted++ % MOST] = template;
    this.follow(template, 1);
  }

  /** Tells whether a line is a cut one of a known shape. */
  isCut(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#templates.some((template) => template.isCut(bytes, start, end));
  }

  /**
   * Tells whether a shape fits the line that another was learnt from and makes something else of it (where a stamp is
   * damaged, say, its digits are any digits): what lines mean would hang on which shape is tried first.
   */
  #contradicts(template: Template): boolean {
    return this.#templates.some((known) => {
      const { sample } = known;
      if (!template.matchLine(sample, 0, sample.length)) return false;
      known.matchLine(sample, 0, sample.length);
      return !isSaid(template.values, template.meaning.targets, known.values, known.meaning.targets);
    });
  }
}

/** Tells whether two lines say the same. */
export function isSaid(
  values: Float64Array,
  targets: Int32Array,
  before: Float64Array,
  beforeTargets: Int32Array,
): boolean {
  if (values.length !== before.length) return false;
  for (let i = 0; i < values.length; i++) {
    if (targets[i] !== beforeTargets[i] || !Object.is(values[i], before[i])) return false;
  }
  return true;
}
