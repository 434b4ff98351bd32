/** What `--serve` without a port is read as. */
export const ANY_PORT = "any";

/** Completes a `--serve` that no port follows, so that the source behind it is not taken for one. */
export function withPlainServe(args: readonly string[]): string[] {
  return args.map((arg, i) =>
    arg === "--serve" && !/^-?\d/.test(args[i + 1] ?? "") ? `--serve=${ANY_PORT}` : arg,
  );
}
