export function fuzz(options: { readonly mutations: number; readonly seed: number }): Promise<{
  readonly counts: Readonly<
    Record<string, { readonly refused: number; readonly same: number; readonly other: number }>
  >;
  readonly failures: readonly object[];
}>;
