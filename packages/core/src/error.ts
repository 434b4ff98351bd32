/** Where a refused input stands. Rows and columns are 0-based, lines 1-based as editors show them. */
export interface ErrorPlace {
  readonly path?: string;
  readonly line?: number;
  readonly row?: number;
  readonly column?: number | string;
  readonly expected?: string;
  readonly got?: string;
}

/**
 * Reports a refused input or a failed operation as one sentence that says what, where and what to do.
 *
 * `code` begins with `LF_` and is what callers test: unlike `instanceof` it survives a worker boundary and a
 * second copy of the package.
 */
export class LossflowError extends Error implements ErrorPlace {
  override readonly name = "LossflowError";
  declare readonly code: `LF_${string}`;
  declare readonly path?: string;
  declare readonly line?: number;
  declare readonly row?: number;
  declare readonly column?: number | string;
  declare readonly expected?: string;
  declare readonly got?: string;

  constructor(code: `LF_${string}`, message: string, place?: ErrorPlace, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.assign(this, place);
  }
}

/** Tells whether `error` is a coded error of Lossflow, from whichever copy or thread it came. */
export function isLossflowError(error: unknown): error is LossflowError {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === "string" && code.startsWith("LF_");
}
