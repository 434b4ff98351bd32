/**
 * Reports a command line that cannot be obeyed, as one sentence that says what to do; exit code 2.
 *
 * With `got` and `known`, the nearest known names are added when it is told: finding them is left until then, since
 * a command line that is right should not pay for it.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "LF_USAGE";
  readonly got: string;
  readonly known: readonly string[];

  constructor(message: string, got: string = "", known: readonly string[] = []) {
    super(message);
    this.got = got;
    this.known = known;
  }
}
