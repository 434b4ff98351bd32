/** One parameter of a loss, as a command line or a form needs to know it. */
export interface ParameterInfo {
  /** In snake_case; the factory's option is the same in camelCase. */
  readonly name: string;
  readonly kind: "number" | "boolean" | "choice" | "numbers" | "integer";
  /** What holds where none is given; null: off. */
  readonly default: number | boolean | string | null;
  /** The words it may be, besides what `kind` says. */
  readonly choices?: readonly string[];
}
