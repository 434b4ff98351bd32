export interface GoldenCase {
  readonly id: string;
  readonly loss: string;
  readonly dtype: "f64" | "f32";
  readonly params: Readonly<Record<string, unknown>>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expect: {
    readonly value?: unknown;
    readonly grad?: unknown;
    readonly throws?: boolean;
    readonly agg?: Readonly<Record<string, unknown>>;
  };
  readonly tol: {
    readonly vulp?: number;
    readonly gulp?: number;
    readonly vabs?: unknown;
    readonly gabs?: unknown;
    readonly ulp?: number | Readonly<Record<string, number>>;
    readonly abs?: Readonly<Record<string, number>>;
  };
}

export interface GoldenResult {
  readonly value?: unknown;
  readonly grad?: unknown;
  readonly agg?: Readonly<Record<string, unknown>>;
}

export function evaluatorOver(library: object): (oneCase: GoldenCase) => GoldenResult;
