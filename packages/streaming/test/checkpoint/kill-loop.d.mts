export function killLoop(options: {
  readonly kills: number;
  readonly seed: number;
  readonly rows?: number;
  readonly log?: (line: string) => void;
}): Promise<{
  readonly killed: number;
  readonly resumed: number;
  readonly finished: number;
  readonly wrong: readonly string[];
}>;
